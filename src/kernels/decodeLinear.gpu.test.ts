import { describe, expect, test } from 'vitest';
import { matmulNt } from '../reference/matmul';
import { rmsNorm } from '../reference/rmsNorm';
import { expectClose } from '../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../testing/kernelRunner';
import { normalFloats } from '../testing/numbers';
import { ParameterPool } from '../testing/parameterPool';
import { decodeLinear } from './decodeLinear';

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
];

function inputs(rows: number, { depth, xStride = depth, columns: [first, second = 0], biased = [false] }: Case) {
  const columns = first + second;
  const isBiased = (column: number) => biased[column < first ? 0 : 1] === true;
  return {
    columns,
    x: normalFloats(rows * xStride, 1),
    w: normalFloats(columns * depth, 2).map((value) => value / Math.sqrt(depth)),
    norm: normalFloats(depth, 3),
    bias: normalFloats(columns, 4).map((value, column) => (isBiased(column) ? value : 0)),
    residual: normalFloats(rows * columns, 5),
  };
}

async function run(gpu: KernelRunner, rows: number, options: Case, t: ReturnType<typeof inputs>) {
  const {
    depth,
    columns: [first, second],
    normed,
    biased = [false],
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
  const given = { pool: gpu.floats(pool.values), x: gpu.floats(t.x), y };
  const residual = options.residual ? { residual: gpu.floats(t.residual) } : {};
  const stride = options.xStride === undefined ? {} : { xStride: options.xStride };
  await gpu.run(decodeLinear('test', { rows, depth, ...stride, matrices, ...norm }, { ...given, ...residual }));
  return gpu.readFloats(y);
}

describe.each([1, 2, 63, 64, 65])('a projection of %i rows', (rows) => {
  test.each(CASES)('with %o', async (options) => {
    const { depth, xStride = depth } = options;
    const t = inputs(rows, options);
    const actual = await run(runner(), rows, options, t);
    const x = t.x.filter((_, i) => i % xStride < depth);
    const normed = options.normed ? rmsNorm(x, t.norm, EPSILON) : x;
    const expected = matmulNt(normed, t.w, { m: rows, n: t.columns, k: depth }).map(
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
