import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { addBias, addBiasBackward, matmulNn, matmulNt, matmulTn } from './matmul';

const ROUNDING = { relative: 1e-14, because: 'the same sums in f64' };

function transpose(x: Float64Array, rows: number, columns: number): Float64Array {
  return x.map((_, i) => x[(i % rows) * columns + Math.floor(i / rows)] ?? Number.NaN);
}

describe('matrix products', () => {
  test('a product of known matrices is the one worked out by hand', () => {
    const [a, b] = [
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ]; // (2, 3) and, transposed, (2, 3)
    expect([...matmulNt(a, b, { m: 2, n: 2, k: 3 })]).toEqual([50, 68, 122, 167]);
  });

  test('the three forms agree on transposed operands', () => {
    const [m, n, k] = [3, 4, 5];
    const [a, b] = [normals(m * k, 1), normals(n * k, 2)];
    const nt = matmulNt(a, b, { m, n, k });
    expectClose(matmulNn(a, transpose(b, n, k), { m, n, k }), nt, ROUNDING);
    expectClose(matmulTn(transpose(a, m, k), transpose(b, n, k), { m, n, k }), nt, ROUNDING);
  });

  test('nn and tn are the gradients of a linear layer', () => {
    const [m, n, k] = [3, 4, 5];
    const [x, w, dy] = [normals(m * k, 1), normals(n * k, 2), normals(m * n, 3)];
    const shape = { m, n, k };
    expectGradient(matmulNn(dy, w, { m, n: k, k: n }), (v) => weighted(matmulNt(v, w, shape), dy), x);
    expectGradient(matmulTn(dy, x, { m: n, n: k, k: m }), (v) => weighted(matmulNt(x, v, shape), dy), w);
  });

  test('a bias is added to every row, and its gradient is the sum of the rows', () => {
    expect([...addBias([1, 2, 3, 4], [10, 20])]).toEqual([11, 22, 13, 24]);
    expect([...addBiasBackward([1, 2, 3, 4], 2)]).toEqual([4, 6]);
  });

  test('reading past a matrix throws instead of giving NaN', () => {
    expect(() => matmulNt([1, 2, 3], [1, 2], { m: 2, n: 1, k: 2 })).toThrow(RangeError);
  });
});
