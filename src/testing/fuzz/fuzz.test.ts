// Mutations of the files that strangers bring: each is read or refused in words, within 500 ms of computing and 64 MB.
// A few thousand here; `npm run fuzz` makes 100,000 of each format (or FUZZ_MUTATIONS of them) and prints what it measured.
import { describe, expect, it } from 'vitest';
import { SoliloquyError } from '../../lib/errors';
import { FORMATS } from './formats';
import { drawOf } from './mutate';

const COUNT = Number(process.env.FUZZ_MUTATIONS ?? 500);
const SEED = Number(process.env.FUZZ_SEED ?? 0);
const MAX_MS = 500;
const MAX_BYTES = 64 * 2 ** 20;

const heldBytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

describe.each(Object.entries(FORMATS))('%s', (name, { bases, mutate, use }) => {
  it(
    `${COUNT} mutations are read or refused in words, each within its time and memory`,
    async () => {
      const measured = { read: 0, refused: 0, longestMs: 0, mostBytes: 0 };
      const faults: string[] = [];
      const startMs = performance.now();
      for (let index = 0; index < COUNT; index++) {
        const bytes = mutate(bases[index % bases.length] as Uint8Array, drawOf(SEED, index));
        const before = heldBytes();
        const cpu = process.cpuUsage();
        try {
          await use(bytes);
          measured.read++;
        } catch (error) {
          measured.refused++;
          if (!(error instanceof SoliloquyError))
            faults.push(`${index}: ${error instanceof Error ? error.stack : error}`);
        }
        const { user, system } = process.cpuUsage(cpu);
        const ms = (user + system) / 1000;
        // Collected in between, memory seems to shrink.
        const bytesMade = Math.max(0, heldBytes() - before);
        if (ms > MAX_MS) faults.push(`${index}: ${ms} ms`);
        if (bytesMade > MAX_BYTES) faults.push(`${index}: ${bytesMade} bytes`);
        measured.longestMs = Math.max(measured.longestMs, ms);
        measured.mostBytes = Math.max(measured.mostBytes, bytesMade);
      }
      if (process.env.FUZZ_MUTATIONS) {
        const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
        console.log(`${name}: ${JSON.stringify({ ...measured, longestMs: Math.round(measured.longestMs), seconds })}`);
      }
      expect(faults.slice(0, 20)).toEqual([]);
      expect(measured.read).toBeGreaterThan(0);
      expect(measured.refused).toBeGreaterThan(0);
    },
    30_000 + COUNT * 60,
  );
});
