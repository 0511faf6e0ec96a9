import { describe, expect, test } from 'vitest';
import { matmulNn, matmulNt, matmulTn } from '../../reference/matmul';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { inset, outerProduct, tolerance } from '../../testing/products';
import { matmulNN, matmulNT, numParts, TILE_ROWS } from './matmul';

const runner = setUpKernelRunner();
const INVALID = -1;
const padding = (rows: number) => new Array<number>(rows).fill(INVALID);

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
