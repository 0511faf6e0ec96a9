import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { recordingFetcher } from './recordings';

const files: Record<string, () => Promise<Response>> = {
  'recorded/answer.json': async () => new Response(await readFile('public/recorded/answer.json')),
  'recorded/page.json': async () => new Response('<!doctype html>'),
  'recorded/old.json': async () => new Response('{"version":0,"kind":"ask"}'),
};

it('finds a recording of the kind that is asked for, and nothing else', async () => {
  const fetchFile = vi.fn((path: string) => files[path]?.() ?? Promise.resolve(new Response('', { status: 404 })));
  const fetchRecording = recordingFetcher(fetchFile);
  expect(await fetchRecording('answer', 'ask')).toMatchObject({ kind: 'ask', madeBy: { model: 'r1' } });
  expect(await fetchRecording('answer', 'run')).toBeUndefined();
  for (const name of ['page', 'old', 'absent']) expect(await fetchRecording(name, 'ask')).toBeUndefined();
  fetchFile.mockRejectedValue(new TypeError('offline'));
  expect(await fetchRecording('answer', 'ask')).toBeUndefined();
});
