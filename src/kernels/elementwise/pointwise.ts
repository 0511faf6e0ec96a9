// Elementwise kernels and simple sums.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { vectorsOf } from '../layout/vectors';

/** y = a + b over `size` numbers. */
export function add<T>(label: string, size: number, bindings: { a: T; b: T; y: T }): Dispatch<T> {
  const { perVector, conditions } = vectorsOf(size);
  const params = { size: size / perVector };
  return { label, kernel: { shader: 'add', conditions }, params, bindings, workgroups: grid(params.size) };
}

/** y (N, D) = x + bias (D). */
export function addBias<T>(
  label: string,
  s: { rows: number; width: number },
  bindings: { x: T; bias: T; y: T },
): Dispatch<T> {
  const size = s.rows * s.width;
  return { label, kernel: { shader: 'add_bias' }, params: { size, width: s.width }, bindings, workgroups: grid(size) };
}

/** y (D) += Σ over the rows of x (N, D), in order. */
export function columnSum<T>(label: string, s: { rows: number; width: number }, bindings: { x: T; y: T }): Dispatch<T> {
  const { perVector, conditions } = vectorsOf(s.width);
  const params = { rows: s.rows, width: s.width / perVector };
  return { label, kernel: { shader: 'column_sum', conditions }, params, bindings, workgroups: grid(params.width) };
}

/** y (N, count) = the columns of x from `first` on; `stride` numbers a row of x. */
export function columns<T>(
  label: string,
  s: { rows: number; count: number; first: number; stride: number },
  bindings: { x: T; y: T },
): Dispatch<T> {
  return { label, kernel: { shader: 'columns' }, params: s, bindings, workgroups: grid(s.rows * s.count) };
}

/** y (N, W) = Σ over heads of x (N, H, W), which starts `xOffset` floats into its buffer. */
export function sumHeads<T>(
  label: string,
  s: { rows: number; heads: number; width: number; xOffset: number },
  bindings: { x: T; y: T },
): Dispatch<T> {
  const params = { rows: s.rows, heads: s.heads, width: s.width, x_offset: s.xOffset };
  return { label, kernel: { shader: 'sum_heads' }, params, bindings, workgroups: grid(s.rows * s.width) };
}

/** y = 0 over `size` numbers. */
export function fillZero<T>(label: string, size: number, bindings: { y: T }): Dispatch<T> {
  return { label, kernel: { shader: 'fill_zero' }, params: { size }, bindings, workgroups: grid(size) };
}

/** total[0] += Σ x over `size` numbers, in a fixed order. */
export function accumulateSum<T>(label: string, size: number, bindings: { x: T; total: T }): Dispatch<T> {
  return { label, kernel: { shader: 'accumulate_sum' }, params: { size }, bindings, workgroups: [1, 1, 1] };
}

/** y ← alpha·x + (1 − alpha)·y over `size` numbers. */
export function mix<T>(label: string, size: number, alpha: number, bindings: { x: T; y: T }): Dispatch<T> {
  return { label, kernel: { shader: 'mix' }, params: { size, alpha }, bindings, workgroups: grid(size) };
}
