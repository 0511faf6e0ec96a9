import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { openZip } from '../lib/zip';
import { folderNameOf, zipJob } from './zipJob';

async function* parts() {
  // One buffer for all parts, as weights are read.
  const buffer = new Uint8Array(3);
  for (const value of [1, 2]) yield buffer.fill(value);
}

it('holds every file once, streamed ones whole, in one folder, equal bytes for equal files', async () => {
  const files = new Map<string, Uint8Array | { size: number; parts: typeof parts }>([
    ['model/model.safetensors', { size: 6, parts }],
    ['README.md', new TextEncoder().encode('# x\n'.repeat(100))],
  ]);
  const [zip, again] = await Promise.all([zipJob(files, 'calm'), zipJob(files, 'calm')]);
  const bytes = new Uint8Array(await zip.arrayBuffer());
  expect(new Uint8Array(await again.arrayBuffer())).toEqual(bytes);
  expect([...openZip('calm.zip', bytes).entries.keys()]).toEqual(['calm/model/model.safetensors', 'calm/README.md']);
  expect([...(unzipSync(bytes)['calm/model/model.safetensors'] ?? [])]).toEqual([1, 1, 1, 2, 2, 2]);
  expect(bytes.length).toBeLessThan(500);
});

it.each([
  ['../../etc/x', 'etc-x'],
  ['calm-otter-7-trl', 'calm-otter-7-trl'],
  ['训练', 'job'],
  ['C:\\a|b', 'C-a-b'],
])('a run named %j is in the folder %j', (name, folder) => {
  expect(folderNameOf(name)).toBe(folder);
});
