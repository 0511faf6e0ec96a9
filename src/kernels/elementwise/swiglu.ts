// SwiGLU and its gradient.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { inVectors } from '../layout/vectors';

interface SwigluShape {
  readonly rows: number;
  /** F: half of x's width. */
  readonly width: number;
}

function swigluKernel(shader: string, s: SwigluShape) {
  const { constants, conditions } = inVectors({ WIDTH: s.width });
  return {
    kernel: { shader, constants, conditions },
    params: { rows: s.rows },
    workgroups: grid(s.rows * constants.WIDTH),
  };
}

/** y (N, F) = silu(gate)·up for x (N, 2F), gate columns first. */
export function swiglu<T>(s: SwigluShape, bindings: { x: T; y: T }): Dispatch<T> {
  return { label: 'Swiglu.forward', ...swigluKernel('swiglu', s), bindings };
}

/** dx (N, 2F). */
export function swigluBackward<T>(s: SwigluShape, bindings: { x: T; dy: T; dx: T }): Dispatch<T> {
  return { label: 'Swiglu.backward', ...swigluKernel('swiglu_backward', s), bindings };
}
