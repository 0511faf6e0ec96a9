import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPeer } from './peerProcess';
import type { PeerTask } from './workload';

const CHILD = fileURLToPath(new URL('../../../bench/peers/child.mjs', import.meta.url));
const task: PeerTask = { kind: 'gemm', work: { flops: 7 }, input: { a: Float32Array.of(1, 2), places: [1] } };

const PLACE = { device: 'cpu', threads: 3 } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A peer whose tasks are given as the text of an object. */
function peer(tasks: string): string {
  const script = join(folder, 'peer.mjs');
  writeFileSync(script, `import { serve } from ${JSON.stringify(CHILD)};\nserve(${tasks});\n`);
  return script;
}

describe('a peer in its own process', () => {
  it('prepares what it is sent, runs when told, and its work is counted', async () => {
    const script = peer(`{ gemm: async ({ a, places }) => ({
      check: places.map((place) => a[place]), detail: process.argv.slice(2).join(' '),
      run: (times) => new Promise((done) => setTimeout(done, 5 * times)) }) }`);
    const contender = await startPeer('made-up', script, task, PLACE);
    expect(contender).toMatchObject({ system: 'made-up', check: [2] });
    expect(contender.detail()).toBe('cpu 3');
    const { ms, work } = await contender.run(3);
    expect(ms).toBeGreaterThan(10);
    expect(work).toEqual({ flops: 21 });
    await contender.destroy();
  });

  it.each([
    ['has no such task', '{}', 'has nothing to compare (gemm)'],
    ['fails', "{ gemm: async () => { throw new Error('no shader-f16') } }", 'no shader-f16'],
    ['ends', '{ gemm: () => process.exit(3) }', 'its process ended with 3'],
    ['cannot start', '(() => { throw new TypeError("no adapter") })()', 'TypeError: no adapter'],
  ])('that %s says so', async (_, tasks, reason) => {
    await expect(startPeer('made-up', peer(tasks), task, PLACE)).rejects.toThrow(reason);
  });
});
