// SwiGLU and its gradient.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';

interface SwigluShape {
  readonly rows: number;
  /** F: half of x's width. */
  readonly width: number;
}

/** y (N, F) = silu(gate)·up for x (N, 2F), gate columns first. */
export function swiglu<T>(s: SwigluShape, bindings: { x: T; y: T }): Dispatch<T> {
  const workgroups = grid(s.rows * s.width);
  return { label: 'Swiglu.forward', kernel: { shader: 'swiglu' }, params: { ...s }, bindings, workgroups };
}

/** dx (N, 2F). */
export function swigluBackward<T>(s: SwigluShape, bindings: { x: T; dy: T; dx: T }): Dispatch<T> {
  const workgroups = grid(s.rows * s.width);
  return { label: 'Swiglu.backward', kernel: { shader: 'swiglu_backward' }, params: { ...s }, bindings, workgroups };
}
