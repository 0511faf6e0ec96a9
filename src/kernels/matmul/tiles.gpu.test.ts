// Products by tiles in workgroup memory: the bits of the kernels without it.
import { describe, expect, test } from 'vitest';
import type { BufferRange } from '../../device/contract';
import { type Dispatch, inHalfPrecision, withAlternative } from '../../device/dispatch';
import { matmulNn, matmulNt } from '../../reference/matmul';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { inset, outerProduct, tolerance } from '../../testing/products';
import { matmulNN, matmulNT, numParts, TILE_ROWS } from './matmul';
import { TILE_ALTERNATIVES } from './productAlternatives';

const runner = setUpKernelRunner();
const INVALID = -1;
const padding = (rows: number) => new Array<number>(rows).fill(INVALID);

/** What the dispatches write to `y`, by the kernel without and by the one with a tile. The numbers that both write. */
async function expectSameBits(
  gpu: KernelRunner,
  variant: string,
  numbers: ArrayLike<number>,
  product: (y: BufferRange) => Dispatch<BufferRange>[],
): Promise<Float32Array> {
  const [plain, tiled] = [gpu.floats(numbers), gpu.floats(numbers)];
  const byTiles = product(tiled).map((dispatch) => withAlternative(dispatch, variant));
  expect(byTiles.some(({ kernel }) => kernel.shader === 'matmul_tiled')).toBe(true);
  await gpu.run(...product(plain), ...byTiles);
  const expected = await gpu.readWords(plain);
  expect(expected.some((bits, i) => bits !== new Uint32Array(Float32Array.from(numbers).buffer)[i])).toBe(true);
  expect(await gpu.readWords(tiled)).toEqual(expected);
  return new Float32Array(expected.buffer);
}

describe.each([...TILE_ALTERNATIVES])('%s gives the bits of the kernel without workgroup memory', (variant) => {
  // Columns, depth and rows below, at and beyond the edges of tiles and of steps of K.
  test.each([
    [1, 4, 4],
    [65, 68, 12],
    [130, 132, 36],
    [64, 64, 16],
    [7, 128, 20],
  ])('%i rows, %i columns, depth %i', async (rows, columns, depth) => {
    const gpu = runner();
    const [aStride, aOffset, yStride, yOffset] = [depth + 8, 4, columns + 4, 8];
    const a = gpu.floats(inset(normalFloats(rows * depth, 1), depth, aStride, aOffset, Number.NaN));
    const b = gpu.floats(normalFloats(columns * depth, 2));
    const around = normalFloats(yOffset + rows * yStride, 3);
    const addend = gpu.floats(around);
    const layouts = { aLayout: { stride: aStride, offset: aOffset }, yLayout: { stride: yStride, offset: yOffset } };
    const product = { label: 'test', rows, columns, depth, a, b, ...layouts };
    for (const form of [matmulNT, matmulNN]) {
      await expectSameBits(gpu, variant, around, (y) => [form({ ...product, y })]);
      await expectSameBits(gpu, variant, around, (y) => [form({ ...product, y, addend })]);
    }
  });

  test.each([
    [1, 4, 4],
    [67, 68, 36],
    [300, 132, 68],
  ])('aᵀ · b over %i rows, %i by %i columns', async (rows, columnsA, columnsB) => {
    const gpu = runner();
    const [aLayout, bLayout] = [
      { stride: columnsA + 4, offset: 4 },
      { stride: columnsB + 8, offset: 0 },
    ];
    const wide = (width: number, { stride, offset }: typeof aLayout, seed: number) =>
      gpu.floats(inset(normalFloats(rows * width, seed), width, stride, offset, Number.NaN));
    const [a, b] = [wide(columnsA, aLayout, 1), wide(columnsB, bLayout, 2)];
    const product = { label: 'test', rows, columnsA, columnsB, a, aLayout, b, bLayout };
    await expectSameBits(gpu, variant, normalFloats(columnsA * columnsB, 3), (y) =>
      outerProduct(gpu, { ...product, y }),
    );
  });

  test('aᵀ · b by expert, gathered', async () => {
    const gpu = runner();
    const [columnsA, columnsB, numExperts, slotsPerRow] = [12, 20, 3, 2];
    const segments = { offsets: [0, 408, 408], counts: [405, 0, 390] };
    const rows = 800;
    const rowOf = gpu.words(Array.from({ length: rows }, (_, n) => (n * 37) % 300));
    const product = {
      label: 'test',
      rows,
      columnsA,
      columnsB,
      a: gpu.floats(normalFloats(rows * columnsA, 1)),
      b: gpu.floats(normalFloats(150 * columnsB, 2)),
      segments: { numExperts, offsets: gpu.words(segments.offsets), counts: gpu.words(segments.counts) },
      gather: { rowOf, slotsPerRow },
    };
    expect(numParts(product)).toBe(2);
    await expectSameBits(gpu, variant, normalFloats(numExperts * columnsA * columnsB, 3), (y) =>
      outerProduct(gpu, { ...product, y }),
    );
  });
});

describe.each([...TILE_ALTERNATIVES])('%s by expert', (variant) => {
  // None, fewer rows than a tile has, exactly a few tiles, none, more than any tile has, none; then rows of no expert,
  // into which the last tile of every size reaches.
  const counts = [0, 5, 128, 0, 147, 0];
  const numExperts = counts.length;
  const tilesOf = (count: number) => Math.ceil(count / TILE_ROWS);
  const firstTiles = counts.map((_, e) => counts.slice(0, e).reduce((sum, count) => sum + tilesOf(count), 0));
  const offsets = firstTiles.map((tile) => tile * TILE_ROWS);
  const tileExpert = [...counts.flatMap((count, e) => new Array<number>(tilesOf(count)).fill(e)), numExperts, INVALID];
  const rows = tileExpert.length * TILE_ROWS;
  const slotsPerRow = 2;
  const rowOf = padding(rows);
  counts.forEach((count, e) => {
    for (let n = 0; n < count; n++) rowOf[(offsets[e] as number) + n] = (37 * n + 11 * e) % rows;
  });
  const groupingOf = (gpu: KernelRunner) => ({
    numExperts,
    tileExpert: gpu.words(tileExpert),
    offsets: gpu.words(offsets),
    counts: gpu.words(counts),
  });

  const SHAPES = [
    [4, 4],
    [68, 36],
    [128, 16],
  ].map(([columns, depth]) => ({ columns: columns ?? 0, depth: depth ?? 0 }));

  /** Operands inside larger ones, the matrix of each expert, and what products written over `around` are by the reference. */
  function example(gpu: KernelRunner, { columns, depth }: { columns: number; depth: number }) {
    const [aLayout, yLayout] = [
      { stride: depth + 8, offset: 4 },
      { stride: columns + 4, offset: 8 },
    ];
    const x = normalFloats(rows * depth, 1);
    const weights = normalFloats(numExperts * columns * depth, 2);
    const around = normalFloats(yLayout.offset + rows * yLayout.stride, 3);
    const added = normalFloats(around.length, 4);
    const a = gpu.floats(inset(x, depth, aLayout.stride, aLayout.offset, Number.NaN));
    const shape = { label: 'test', rows, columns, depth, a, aLayout, yLayout, grouping: groupingOf(gpu) };
    const gathered = Float32Array.from({ length: rows * depth }, (_, i) => {
      const slot = rowOf[Math.floor(i / depth)] as number;
      return slot === INVALID ? 0 : (x[Math.floor(slot / slotsPerRow) * depth + (i % depth)] as number);
    });
    const expected = (input: Float32Array, form: typeof matmulNt, addend?: Float32Array) => {
      const y = around.slice();
      tileExpert.forEach((expert, tile) => {
        if (expert < 0 || expert >= numExperts) return;
        const part = input.subarray(tile * TILE_ROWS * depth, (tile + 1) * TILE_ROWS * depth);
        const b = weights.subarray(expert * columns * depth, (expert + 1) * columns * depth);
        form(part, b, { m: TILE_ROWS, n: columns, k: depth }).forEach((value, i) => {
          const row = tile * TILE_ROWS + Math.floor(i / columns);
          const at = yLayout.offset + row * yLayout.stride + (i % columns);
          y[at] = value + (addend?.[at] ?? 0);
        });
      });
      return y;
    };
    return { shape, x, gathered, weights, around, added, expected };
  }

  test.each(SHAPES)(
    '$columns columns, depth $depth: the reference’s numbers, and the bits of the products by rows',
    async (s) => {
      const gpu = runner();
      const { shape, x, gathered, weights, around, added, expected } = example(gpu, s);
      const product = { ...shape, b: gpu.floats(weights) };
      const [gather, addend] = [{ rowOf: gpu.words(rowOf), slotsPerRow }, gpu.floats(added)];
      const close = tolerance(s.depth);
      const nt = await expectSameBits(gpu, variant, around, (y) => [matmulNT({ ...product, y })]);
      expectClose(nt, expected(x, matmulNt), close);
      const nn = await expectSameBits(gpu, variant, around, (y) => [matmulNN({ ...product, y })]);
      expectClose(nn, expected(x, matmulNn), close);
      const from = await expectSameBits(gpu, variant, around, (y) => [matmulNT({ ...product, y, gather })]);
      expectClose(from, expected(gathered, matmulNt), close);
      const plus = await expectSameBits(gpu, variant, around, (y) => [matmulNT({ ...product, y, gather, addend })]);
      expectClose(plus, expected(gathered, matmulNt, added), close);
    },
  );

  test('weights in half precision', async ({ skip }) => {
    const gpu = runner();
    if (!gpu.features.has('shader-f16')) return skip('this device has no shader-f16');
    const { shape, around } = example(gpu, { columns: 68, depth: 36 });
    // Any bits do, but for those of an infinity or a NaN.
    const halves = Array.from({ length: (numExperts * 68 * 36) / 2 }, (_, i) => Math.imul(i, 2654435761) & 0xbbffbbff);
    const product = { ...shape, b: gpu.words(halves) };
    const gather = { rowOf: gpu.words(rowOf), slotsPerRow };
    for (const make of [
      (y: BufferRange) => matmulNT({ ...product, y }),
      (y: BufferRange) => matmulNT({ ...product, y, gather }),
      (y: BufferRange) => matmulNN({ ...product, y }),
    ])
      await expectSameBits(gpu, variant, around, (y) => [inHalfPrecision(make(y))]);
  });
});
