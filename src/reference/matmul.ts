// Matrix products. A linear layer with weights w [out, in] is y = matmulNt(x, w), and its gradients are
// dx = matmulNn(dy, w) and dw = matmulTn(dy, x): the three forms are each other's backward.
import { add, addScaled, at, dot, type Numbers } from './array';

/** M × N is the result's shape, K the summed axis. */
export interface MatmulShape {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** a (M, K) · bᵀ, b (N, K) → (M, N). */
export function matmulNt(a: Numbers, b: Numbers, { m, n, k }: MatmulShape): Float64Array {
  const y = new Float64Array(m * n); // (M, N)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) y[i * n + j] = dot(a, i * k, b, j * k, k);
  }
  return y;
}

/** a (M, K) · b (K, N) → (M, N). */
export function matmulNn(a: Numbers, b: Numbers, { m, n, k }: MatmulShape): Float64Array {
  const y = new Float64Array(m * n); // (M, N)
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) addScaled(y, i * n, at(a, i * k + l), b, l * n, n);
  }
  return y;
}

/** aᵀ · b, a (K, M), b (K, N) → (M, N). */
export function matmulTn(a: Numbers, b: Numbers, { m, n, k }: MatmulShape): Float64Array {
  const y = new Float64Array(m * n); // (M, N)
  for (let l = 0; l < k; l++) {
    for (let i = 0; i < m; i++) addScaled(y, i * n, at(a, l * m + i), b, l * n, n);
  }
  return y;
}

/** x (rows, columns) + bias (columns), added to every row. */
export function addBias(x: Numbers, bias: Numbers): Float64Array {
  return Float64Array.from(x, (value, i) => value + at(bias, i % bias.length));
}

/** The gradient of a bias of `columns` numbers: the sum of dy (rows, columns) over its rows. */
export function addBiasBackward(dy: Numbers, columns: number): Float64Array {
  const dBias = new Float64Array(columns);
  for (let i = 0; i < dy.length; i++) add(dBias, i % columns, at(dy, i));
  return dBias;
}
