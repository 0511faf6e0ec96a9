// Quantised weights: every range is what the definition says, element by element.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantized, type QuantizedTensor } from './quantized';
import { floatTensor, pieces, type StoredTensor, storedBytes } from './storedTensor';
import { bytesOf } from './views';

/** A tensor over bytes, which reads the range that is asked for. */
function stored(dtype: 'U32' | 'I8' | 'U8', shape: readonly number[], data: ArrayBufferView): StoredTensor {
  const bytes = bytesOf(data);
  const width = storedBytes({ dtype, shape: [1] });
  const read = async (range?: { start: number; end: number }) =>
    range ? bytes.subarray(range.start * width, range.end * width) : bytes;
  return { dtype, shape, read };
}

async function readAll(tensor: StoredTensor, pieceElements: number): Promise<number[]> {
  const all: number[] = [];
  for await (const { values } of pieces(tensor, pieceElements)) all.push(...values);
  return all;
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  groups: fc.integer({ min: 1, max: 4 }),
  groupSize: fc.constantFrom(8, 16, 32),
  piece: fc.integer({ min: 1, max: 70 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
});

/** Integers in 0 … most, made of a seed. */
const draw = (count: number, seed: number, most: number) =>
  Array.from({ length: count }, (_, i) => (Math.imul(seed + i, 2654435761) >>> 9) % (most + 1));

describe.each([4, 8] as const)('words of integers of %i bits', (bits) => {
  it('are scale · q + offset in any range, the first integer in the lowest bits', async () => {
    const property = fc.asyncProperty(sizes, async ({ rows, groups, groupSize, piece, seed }) => {
      const columns = groups * groupSize;
      const q = draw(rows * columns, seed, 2 ** bits - 1);
      const perWord = 32 / bits;
      const words = Uint32Array.from({ length: q.length / perWord }, (_, w) =>
        Number(
          q
            .slice(w * perWord, (w + 1) * perWord)
            .reduce((word, value, j) => word + (BigInt(value) << BigInt(j * bits)), 0n),
        ),
      );
      const floats = (from: number) => Float32Array.from(draw(rows * groups, from, 999), (value) => value / 64 - 7);
      const [scales, offsets] = [floats(seed + 1), floats(seed + 2)];
      const tensor: QuantizedTensor = {
        shape: [rows, columns],
        values: stored('U32', [rows, columns / perWord], words),
        packedBits: bits,
        groupSize,
        scales: floatTensor([rows, groups], scales),
        offsets: floatTensor([rows, groups], offsets),
      };
      const expected = q.map((value, i) => {
        const group = Math.floor(i / columns) * groups + Math.floor((i % columns) / groupSize);
        return Math.fround((scales[group] as number) * value + (offsets[group] as number));
      });
      expect(await readAll(dequantized(tensor), piece)).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('signed integers', () => {
  it('are scale · q in any range, and stay what they were', async () => {
    const property = fc.asyncProperty(sizes, async ({ rows, groups, groupSize, piece, seed }) => {
      const size = rows * groups * groupSize;
      const q = Int8Array.from(draw(size, seed, 255));
      const before = q.slice();
      const scales = Float32Array.from(draw(rows * groups, seed + 1, 999), (value) => value / 64 - 7);
      const tensor = dequantized({
        shape: [rows, groups * groupSize],
        values: stored('I8', [rows, groups * groupSize], q),
        groupSize,
        scales: floatTensor([rows, groups], scales),
      });
      const expected = Array.from(q, (value, i) => (scales[Math.floor(i / groupSize)] as number) * value);
      expect((await readAll(tensor, piece)).map((value) => value + 0)).toEqual(
        expected.map((value) => Math.fround(value) + 0),
      );
      expect(q).toEqual(before);
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
