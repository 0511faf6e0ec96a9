import { describe, expect, test } from 'vitest';
import type { BufferRange } from '../../device/contract';
import { type Dispatch, inHalfPrecision, withAlternative } from '../../device/dispatch';
import { matmulNn, matmulNt, matmulTn } from '../../reference/matmul';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { matmulNN, matmulNT, matmulTN, numParts, type OuterProduct, TILE_ROWS } from './matmul';
import { TILE_VARIANTS } from './productVariants';

const runner = setUpKernelRunner();
const INVALID = -1;
const padding = (rows: number) => new Array<number>(rows).fill(INVALID);

/** The matrix (rows, width) inside a larger one whose other numbers are `fill`. */
function inset(x: ArrayLike<number>, width: number, stride: number, offset: number, fill: number): Float32Array {
  const wide = new Float32Array(offset + (x.length / width) * stride).fill(fill);
  for (let i = 0; i < x.length; i++) wide[offset + Math.floor(i / width) * stride + (i % width)] = x[i] ?? Number.NaN;
  return wide;
}

function tolerance(depth: number) {
  return { relative: 1e-6 + 1e-7 * Math.sqrt(depth), because: `an f32 sum of ${depth} products` };
}

/** y += aᵀ · b with room for its parts. */
function outerProduct(gpu: KernelRunner, p: OuterProduct<BufferRange>): Dispatch<BufferRange>[] {
  const size = (p.segments?.numExperts ?? 1) * p.columnsA * p.columnsB;
  return matmulTN(p, (parts) => gpu.output(parts * size));
}

// Rows on both sides of a workgroup, by shapes for the vector kernels (multiples of four) and the scalar ones.
const SHAPES = [1, 63, 64, 65].flatMap((rows) =>
  [
    [4, 4],
    [64, 32],
    [1, 1],
    [65, 63],
    [64, 63],
    [5, 68],
    [112, 64],
    [256, 36],
  ].map(([columns, depth]) => ({ rows, columns: columns ?? 0, depth: depth ?? 0 })),
);

describe.each(SHAPES)('products of $rows × $depth by $columns', ({ rows, columns, depth }) => {
  const a = normalFloats(rows * depth, 1);
  const b = normalFloats(columns * depth, 2);
  const shape = { m: rows, n: columns, k: depth };

  test('a · bᵀ and a · b', async () => {
    const gpu = runner();
    const [nt, nn] = [gpu.output(rows * columns), gpu.output(rows * columns)];
    const product = { label: 'test', rows, columns, depth, a: gpu.floats(a), b: gpu.floats(b) };
    await gpu.run(matmulNT({ ...product, y: nt }), matmulNN({ ...product, y: nn }));
    expectClose(await gpu.readFloats(nt), matmulNt(a, b, shape), tolerance(depth));
    expectClose(await gpu.readFloats(nn), matmulNn(a, b, shape), tolerance(depth));
  });

  test('an addend is added to the product', async () => {
    const gpu = runner();
    const [nt, nn] = [gpu.output(rows * columns), gpu.output(rows * columns)];
    const added = normalFloats(rows * columns, 4);
    const addend = gpu.floats(added);
    const product = { label: 'test', rows, columns, depth, a: gpu.floats(a), b: gpu.floats(b), addend };
    await gpu.run(matmulNT({ ...product, y: nt }), matmulNN({ ...product, y: nn }));
    const plus = (x: ArrayLike<number>) => Array.from(x, (value, i) => value + (added[i] as number));
    expectClose(await gpu.readFloats(nt), plus(matmulNt(a, b, shape)), tolerance(depth));
    expectClose(await gpu.readFloats(nn), plus(matmulNn(a, b, shape)), tolerance(depth));
  });

  test('aᵀ · b is added to what is there', async () => {
    const gpu = runner();
    const other = normalFloats(rows * columns, 3);
    const y = gpu.floats(new Float32Array(depth * columns).fill(2));
    const product = {
      label: 'test',
      rows,
      columnsA: depth,
      columnsB: columns,
      a: gpu.floats(a),
      b: gpu.floats(other),
      y,
    };
    await gpu.run(...outerProduct(gpu, product));
    const expected = matmulTn(a, other, { m: depth, n: columns, k: rows }).map((value) => value + 2);
    expectClose(await gpu.readFloats(y), expected, tolerance(rows));
  });

  test('matrices inside larger ones: nothing around them is read or written', async () => {
    const gpu = runner();
    const [aLayout, yLayout] = [
      { stride: depth + 8, offset: 4 },
      { stride: columns + 4, offset: 8 },
    ];
    const around = new Float32Array(rows * columns).fill(555);
    const y = gpu.floats(inset(around, columns, yLayout.stride, yLayout.offset, 555));
    const wideA = gpu.floats(inset(a, depth, aLayout.stride, aLayout.offset, Number.NaN));
    const dw = gpu.zeros(depth * columns);
    await gpu.run(
      matmulNT({ label: 'test', rows, columns, depth, a: wideA, aLayout, b: gpu.floats(b), y, yLayout }),
      ...outerProduct(gpu, {
        label: 'test',
        rows,
        columnsA: depth,
        columnsB: columns,
        a: wideA,
        aLayout,
        b: y,
        bLayout: yLayout,
        y: dw,
      }),
    );
    const expected = Float32Array.from(matmulNt(a, b, shape));
    const because = `${tolerance(depth).because}, the surroundings being 555`;
    const wide = inset(expected, columns, yLayout.stride, yLayout.offset, 555);
    expectClose(await gpu.readFloats(y), wide, { absolute: 2e-5, because });
    expectClose(
      await gpu.readFloats(dw),
      matmulTn(a, expected, { m: depth, n: columns, k: rows }),
      tolerance(depth + rows),
    );
  });
});

describe.each([
  [8, 12],
  [7, 9],
])('products by expert, %i columns and depth %i', (columns, depth) => {
  // Three experts with 5, 0 and 3 rows, padded to tiles of eight, and one tile of no expert.
  const tileExpert = [0, 2, 3];
  const rowOf = [...[3, 0, 5, 1, 7, ...padding(3)], ...[2, 4, 6, ...padding(5)], ...padding(8)];
  const rows = tileExpert.length * TILE_ROWS;
  const slotsPerRow = 2;
  const x = normalFloats(4 * depth, 1); // four tokens, two slots each
  const weights = normalFloats(3 * columns * depth, 2);
  const segments = { offsets: [0, 8, 8], counts: [5, 0, 3] };

  const groupingOf = (gpu: KernelRunner) => ({
    numExperts: 3,
    tileExpert: gpu.words(tileExpert),
    offsets: gpu.words(segments.offsets),
    counts: gpu.words(segments.counts),
  });

  /** Row of x that sorted row n holds, undefined for padding. */
  const tokenOf = (n: number) => {
    const slot = rowOf[n] ?? INVALID;
    return slot === INVALID ? undefined : Math.floor(slot / slotsPerRow);
  };
  const sorted = Float32Array.from({ length: rows * depth }, (_, i) => {
    const token = tokenOf(Math.floor(i / depth));
    return token === undefined ? 0 : (x[token * depth + (i % depth)] ?? Number.NaN);
  });
  /** Each row of a (rows, width) times its expert's matrix; rows of no expert stay 9. */
  const byExpert = (a: Float32Array, width: number, form: typeof matmulNt, n: number) =>
    Float32Array.from(
      tileExpert.flatMap((expert, tile) => {
        if (expert === 3) return new Array<number>(TILE_ROWS * n).fill(9);
        const part = a.subarray(tile * TILE_ROWS * width, (tile + 1) * TILE_ROWS * width);
        const w = weights.subarray(expert * columns * depth, (expert + 1) * columns * depth);
        return [...form(part, w, { m: TILE_ROWS, n, k: width })];
      }),
    );

  test('each row meets the matrix of its tile’s expert, gathered from its token; tiles of no expert are left alone', async () => {
    const gpu = runner();
    const grouping = groupingOf(gpu);
    const gather = { rowOf: gpu.words(rowOf), slotsPerRow };
    const y = gpu.floats(new Float32Array(rows * columns).fill(9));
    const dx = gpu.floats(new Float32Array(rows * depth).fill(9));
    const dy = normalFloats(rows * columns, 3);
    const b = gpu.floats(weights);
    await gpu.run(
      matmulNT({ label: 'test', rows, columns, depth, a: gpu.floats(x), b, y, grouping, gather }),
      matmulNN({ label: 'test', rows, columns: depth, depth: columns, a: gpu.floats(dy), b, y: dx, grouping }),
    );
    expectClose(await gpu.readFloats(y), byExpert(sorted, depth, matmulNt, columns), tolerance(depth));
    expectClose(await gpu.readFloats(dx), byExpert(dy, columns, matmulNn, depth), tolerance(columns));
  });

  test('each expert’s gradient sums over its own rows, without the padding', async () => {
    const gpu = runner();
    const dy = normalFloats(rows * columns, 4);
    const y = gpu.floats(new Float32Array(3 * columns * depth).fill(1));
    await gpu.run(
      ...outerProduct(gpu, {
        label: 'test',
        rows,
        columnsA: columns,
        columnsB: depth,
        a: gpu.floats(dy),
        b: gpu.floats(x),
        y,
        segments: groupingOf(gpu),
        gather: { rowOf: gpu.words(rowOf), slotsPerRow },
      }),
    );
    const expected = segments.offsets.flatMap((first, e) => {
      const count = segments.counts[e] ?? 0;
      const [part, input] = [dy.subarray(first * columns, (first + count) * columns), sorted.subarray(first * depth)];
      return [...matmulTn(part, input, { m: columns, n: depth, k: count })].map((value) => value + 1);
    });
    expectClose(await gpu.readFloats(y), expected, tolerance(5));
  });
});

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

describe.each([...TILE_VARIANTS])('%s gives the bits of the kernel without workgroup memory', (variant) => {
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

describe.each([...TILE_VARIANTS])('%s by expert', (variant) => {
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

describe('rows of a gradient are summed in parts side by side', () => {
  test('as many as keep 128 workgroups busy with 128 rows each, by shape alone', () => {
    expect(numParts({ rows: 2048, columnsA: 64, columnsB: 64 })).toBe(16);
    expect(numParts({ rows: 2048, columnsA: 256, columnsB: 256 })).toBe(8);
    expect(numParts({ rows: 2048, columnsA: 1024, columnsB: 512 })).toBe(1);
    expect(numParts({ rows: 255, columnsA: 64, columnsB: 64 })).toBe(1);
    expect(numParts({ rows: 4160, columnsA: 128, columnsB: 64, segments: { numExperts: 8 } })).toBe(4);
  });

  test.each([
    [12, 8],
    [7, 9],
  ])('every row counts once, %i by %i columns', async (columnsA, columnsB) => {
    const gpu = runner();
    const rows = 650;
    expect(numParts({ rows, columnsA, columnsB })).toBe(5);
    const [a, b] = [normalFloats(rows * columnsA, 1), normalFloats(rows * columnsB, 2)];
    const y = gpu.floats(new Float32Array(columnsA * columnsB).fill(2));
    const product = { label: 'test', rows, columnsA, columnsB, a: gpu.floats(a), b: gpu.floats(b), y };
    await gpu.run(...outerProduct(gpu, product));
    const expected = matmulTn(a, b, { m: columnsA, n: columnsB, k: rows }).map((value) => value + 2);
    expectClose(await gpu.readFloats(y), expected, tolerance(rows));
  });
});
