import { describe, expect, test } from 'vitest';
import { inHalfPrecision } from '../../device/dispatch';
import { narrow, widen } from '../../lib/tensors/convert';
import { matmulNt } from '../../reference/matmul';
import { rmsNorm } from '../../reference/rmsNorm';
import { swiglu } from '../../reference/swiglu';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { ParameterPool } from '../../testing/parameterPool';
import { countingSort, sortSizes } from '../moe/countingSort';
import { type DecodeLinearShape, decodeLinear } from './decodeLinear';
import { TILE_ROWS } from './matmul';

const runner = setUpKernelRunner();
const EPSILON = 1e-5;

interface Case {
  readonly depth: number;
  readonly xStride?: number;
  /** Columns of one matrix, or of two. */
  readonly columns: readonly [number, number?];
  readonly normed?: boolean;
  /** Whether the first matrix has a bias, and whether the second has. */
  readonly biased?: readonly [boolean, boolean?];
  readonly residual?: boolean;
  /** The matrix is [gate; up]. */
  readonly gated?: boolean;
}

const CASES: readonly Case[] = [
  { depth: 16, columns: [24, 12], normed: true },
  { depth: 64, columns: [100], normed: true },
  { depth: 8, columns: [13], residual: true, biased: [true] },
  { depth: 8, xStride: 20, columns: [6, 5], normed: true, biased: [true, true] },
  { depth: 8, columns: [6, 5], normed: true, biased: [false, true] },
  { depth: 8, columns: [12, 8], biased: [true, false] },
  { depth: 7, columns: [5, 3], normed: true, biased: [true, true] },
  { depth: 9, xStride: 11, columns: [1] },
  { depth: 12, columns: [8], residual: true },
  { depth: 12, columns: [80], normed: true, gated: true },
  { depth: 16, columns: [34], gated: true },
  { depth: 7, columns: [6], normed: true, gated: true },
];

function inputs(rows: number, { depth, xStride = depth, columns: [first, second = 0], biased = [false], gated }: Case) {
  const products = first + second;
  const columns = first / (gated ? 2 : 1) + second;
  const isBiased = (column: number) => biased[column < first ? 0 : 1] === true;
  return {
    products,
    columns,
    x: normalFloats(rows * xStride, 1),
    w: normalFloats(products * depth, 2).map((value) => value / Math.sqrt(depth)),
    norm: normalFloats(depth, 3),
    bias: normalFloats(columns, 4).map((value, column) => (isBiased(column) ? value : 0)),
    residual: normalFloats(rows * columns, 5),
  };
}

async function run(gpu: KernelRunner, rows: number, options: Case, t: ReturnType<typeof inputs>, isHalf = false) {
  const {
    depth,
    columns: [first, second],
    normed,
    biased = [false],
    gated: isGated = false,
  } = options;
  const pool = new ParameterPool();
  const norm = normed ? { norm: { at: pool.add(t.norm), epsilon: EPSILON } } : {};
  const matrix = (from: number, columns: number, isBiased = false) => ({
    columns,
    at: pool.add(t.w.subarray(from * depth, (from + columns) * depth)),
    ...(isBiased && { biasAt: pool.add(t.bias.subarray(from, from + columns)) }),
  });
  const matrices = [
    matrix(0, first, biased[0]),
    second === undefined ? undefined : matrix(first, second, biased[1]),
  ] as const;
  const y = gpu.output(rows * t.columns);
  const given = { pool: isHalf ? gpu.halves(pool.values) : gpu.floats(pool.values), x: gpu.floats(t.x), y };
  const residual = options.residual ? { residual: gpu.floats(t.residual) } : {};
  const stride = options.xStride === undefined ? {} : { xStride: options.xStride };
  const shape = { rows, depth, ...stride, matrices, isGated, ...norm };
  const dispatch = decodeLinear('test', shape, { ...given, ...residual });
  await gpu.run(isHalf ? inHalfPrecision(dispatch) : dispatch);
  return gpu.readFloats(y);
}

describe.each([1, 2, 63, 64, 65])('a projection of %i rows', (rows) => {
  test.each(CASES)('with %o', async (options) => {
    const { depth, xStride = depth } = options;
    const t = inputs(rows, options);
    const actual = await run(runner(), rows, options, t);
    const x = t.x.filter((_, i) => i % xStride < depth);
    const normed = options.normed ? rmsNorm(x, t.norm, EPSILON) : x;
    const products = matmulNt(normed, t.w, { m: rows, n: t.products, k: depth });
    const columns = options.gated ? swiglu(products, t.columns) : products;
    const expected = columns.map(
      (value, i) => value + (t.bias[i % t.columns] as number) + (options.residual ? (t.residual[i] as number) : 0),
    );
    expectClose(actual, expected, { relative: 2e-6, because: 'f32 sums of at most 64 terms' });
  });
});

test.each(CASES)('a row has the same bits alone and among others, with %o', async (options) => {
  const rows = 9;
  const { depth, xStride = depth } = options;
  const t = inputs(rows, options);
  const together = await run(runner(), rows, options, t);
  for (let row = 0; row < rows; row++) {
    const alone = {
      ...t,
      x: t.x.subarray(row * xStride, (row + 1) * xStride),
      residual: t.residual.subarray(row * t.columns, (row + 1) * t.columns),
    };
    const expected = [...together.subarray(row * t.columns, (row + 1) * t.columns)];
    expect([...(await run(runner(), 1, options, alone))]).toEqual(expected);
  }
});

test.for(CASES)(
  'weights in half precision give the bits of the same ones in f32, with %o',
  async (options, { skip }) => {
    const gpu = runner();
    if (!gpu.features.has('shader-f16')) return skip('this device has no shader-f16');
    const roundedToHalf = (values: Float32Array) => Float32Array.from(widen('F16', narrow('F16', values)));
    for (const rows of [1, 2, 9]) {
      const { w, norm, bias, ...t } = inputs(rows, options);
      const given = { ...t, w: roundedToHalf(w), norm: roundedToHalf(norm), bias: roundedToHalf(bias) };
      expect([...(await run(gpu, rows, options, given, true))]).toEqual([...(await run(gpu, rows, options, given))]);
    }
  },
);

test.each([
  { depth: 12, columns: 80, normed: true },
  { depth: 7, columns: 10, normed: false },
])('each expert projects its own rows, $columns columns of $depth', async ({ depth, columns, normed }) => {
  const gpu = runner();
  const [tokens, topK, numExperts] = [21, 2, 4];
  // Expert 2 has no row; slots of a token that is no more go to none.
  const keys = Array.from({ length: tokens * topK }, (_, slot) =>
    slot >= 36 ? numExperts : ([0, 3, 1, 3, 0][slot % 5] as number),
  );
  const shape = { size: keys.length, buckets: numExperts, tile: TILE_ROWS };
  const sizes = sortSizes(shape);
  const t = {
    keys: gpu.words(keys),
    blockCounts: gpu.output(sizes.blockCounts),
    order: gpu.output(sizes.places),
    place: gpu.output(keys.length),
    offsets: gpu.output(numExperts),
    counts: gpu.output(numExperts),
    tileKey: gpu.output(sizes.tiles),
  };
  const x = normalFloats(tokens * depth, 1);
  const w = normalFloats(numExperts * columns * depth, 2);
  const pool = new ParameterPool();
  const weight = normalFloats(depth, 3);
  const norm = normed ? { norm: { at: pool.add(weight), epsilon: EPSILON } } : {};
  const matrices = [{ columns, at: pool.add(w) }] as const;
  const experts = { numExperts, slotsPerRow: topK };
  const given = { pool: gpu.floats(pool.values), tile_expert: t.tileKey };
  const [gathered, sorted] = [gpu.output(sizes.places * columns), gpu.output((sizes.places * columns) / 2)];
  await gpu.run(
    ...countingSort(shape, t),
    decodeLinear(
      'gathered',
      { rows: sizes.places, depth, matrices, experts, ...norm },
      { ...given, row_of: t.order, x: gpu.floats(x), y: gathered },
    ),
  );
  // Rows as the sort left them, and gates.
  const order = await gpu.readWords(t.order);
  const rowOf = (place: number) => Math.floor((order[place] as number) / topK);
  const places = [...order.keys()].filter((place) => order[place] !== 2 ** 32 - 1);
  const inOrder = new Float32Array(sizes.places * depth);
  for (const place of places) inOrder.set(x.subarray(rowOf(place) * depth, (rowOf(place) + 1) * depth), place * depth);
  await gpu.run(
    decodeLinear(
      'sorted',
      { rows: sizes.places, depth, matrices, experts, isGated: true, ...norm },
      { ...given, x: gpu.floats(inOrder), y: sorted },
    ),
  );
  const expected = places.map((place) => {
    const row = inOrder.subarray(place * depth, (place + 1) * depth);
    const expert = keys[order[place] as number] as number;
    const own = w.subarray(expert * columns * depth, (expert + 1) * columns * depth);
    return matmulNt(normed ? rmsNorm(row, weight, EPSILON) : row, own, { m: 1, n: columns, k: depth });
  });
  const rowsOf = (y: Float32Array, width: number) =>
    places.flatMap((place) => [...y.subarray(place * width, (place + 1) * width)]);
  const tolerance = { relative: 2e-6, because: 'f32 sums of at most 12 terms' };
  expectClose(
    rowsOf(await gpu.readFloats(gathered), columns),
    expected.flatMap((row) => [...row]),
    tolerance,
  );
  expectClose(
    rowsOf(await gpu.readFloats(sorted), columns / 2),
    expected.flatMap((row) => [...swiglu(row, columns / 2)]),
    tolerance,
  );
});

test.each([
  { depth: 12, hidden: 20, columns: 24, count: 1 },
  { depth: 12, hidden: 20, columns: 24, count: 3 },
  { depth: 7, hidden: 5, columns: 9, count: 2 },
])('shared experts are parts of one wide one, $count of $hidden', async ({ depth, hidden, columns, count }) => {
  const gpu = runner();
  // Two tiles of the routed experts 0 and 1, then two of each shared one.
  const numExperts = 2;
  const tileKeys = [
    0,
    1,
    ...Array.from({ length: 2 * count }, (_, i) => numExperts + Math.floor(i / 2)),
    numExperts + count,
  ];
  const rows = tileKeys.length * TILE_ROWS;
  const x = normalFloats(rows * depth, 1);
  const inner = normalFloats(rows * hidden, 2);
  const gateUps = normalFloats(numExperts * 2 * hidden * depth, 3);
  const downs = normalFloats(numExperts * columns * hidden, 4);
  const wideGateUp = normalFloats(2 * count * hidden * depth, 5);
  const wideDown = normalFloats(columns * count * hidden, 6);
  const pool = new ParameterPool();
  const [gateUpAt, downAt] = [pool.add(gateUps), pool.add(downs)];
  const [wideGateUpAt, wideDownAt] = [pool.add(wideGateUp), pool.add(wideDown)];
  const given = { pool: gpu.floats(pool.values), tile_expert: gpu.words(tileKeys) };
  const [up, down] = [gpu.output(rows * hidden), gpu.output(rows * columns)];
  const experts = (at: number) => ({ numExperts, slotsPerRow: 1, shared: { count, at } });
  await gpu.run(
    decodeLinear(
      'up',
      { rows, depth, matrices: [{ columns: 2 * hidden, at: gateUpAt }], experts: experts(wideGateUpAt), isGated: true },
      { ...given, x: gpu.floats(x), y: up },
    ),
    decodeLinear(
      'down',
      { rows, depth: hidden, matrices: [{ columns, at: downAt }], experts: experts(wideDownAt) },
      { ...given, x: gpu.floats(inner), y: down },
    ),
  );
  const [ups, outs] = [await gpu.readFloats(up), await gpu.readFloats(down)];
  const tolerance = { relative: 2e-6, because: 'f32 sums of at most 20 terms' };
  for (let row = 0; row < rows - TILE_ROWS; row++) {
    const expert = tileKeys[Math.floor(row / TILE_ROWS)] as number;
    const part = expert - numExperts;
    const gates = (first: number) => wideGateUp.subarray(first * depth, (first + hidden) * depth);
    const ownGateUp =
      part < 0
        ? gateUps.subarray(expert * 2 * hidden * depth, (expert + 1) * 2 * hidden * depth)
        : Float32Array.from([...gates(part * hidden), ...gates((count + part) * hidden)]);
    const ownDown =
      part < 0
        ? downs.subarray(expert * columns * hidden, (expert + 1) * columns * hidden)
        : Float32Array.from({ length: columns * hidden }, (_, i) => {
            const column = Math.floor(i / hidden);
            return wideDown[(column * count + part) * hidden + (i % hidden)] as number;
          });
    const product = matmulNt(x.subarray(row * depth, (row + 1) * depth), ownGateUp, { m: 1, n: 2 * hidden, k: depth });
    expectClose(ups.subarray(row * hidden, (row + 1) * hidden), swiglu(product, hidden), tolerance);
    const given = inner.subarray(row * hidden, (row + 1) * hidden);
    const out = matmulNt(given, ownDown, { m: 1, n: columns, k: hidden });
    expectClose(outs.subarray(row * columns, (row + 1) * columns), out, tolerance);
  }
  // No expert's tile: untouched.
  expect(ups.subarray(-TILE_ROWS * hidden).every(Number.isNaN)).toBe(true);
});

test('a gated projection is refused a bias, and a second matrix', () => {
  const [gateUp, bindings] = [
    { columns: 8, at: 0 },
    { pool: 0, x: 0, y: 0 },
  ];
  const project = (...matrices: DecodeLinearShape['matrices']) =>
    decodeLinear('test', { rows: 1, depth: 4, matrices, isGated: true }, bindings);
  expect(() => project({ ...gateUp, biasAt: 32 })).toThrow('decode_gated.wgsl has no biased');
  expect(() => project(gateUp, { columns: 4, at: 32 })).toThrow('takes no second matrix');
  expect(() => project(gateUp)).not.toThrow();
});

test('tiles behind the rows that matter are left alone', async () => {
  const gpu = runner();
  const [rows, depth, columns] = [40, 8, 12];
  const [x, w] = [normalFloats(rows * depth, 1), normalFloats(columns * depth, 2)];
  const given = { pool: gpu.floats(w), x: gpu.floats(x), y: gpu.floats(new Float32Array(rows * columns).fill(9)) };
  const shape = { rows, depth, matrices: [{ columns, at: 0 }] as const };
  await gpu.run(decodeLinear('test', shape, { ...given, num_live: gpu.words([17]) }));
  const y = await gpu.readFloats(given.y);
  const expected = matmulNt(x.subarray(0, 17 * depth), w, { m: 17, n: columns, k: depth });
  expectClose(y.subarray(0, 17 * columns), expected, { relative: 2e-6, because: 'f32 sums of 8 terms' });
  expect([...y.subarray(24 * columns)]).toEqual(new Array(16 * columns).fill(9));
});
