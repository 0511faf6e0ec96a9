// SwiGLU and its gradient.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';
import { inLanes } from './lanes';

interface SwigluShape {
  readonly rows: number;
  /** F: half of x's width. */
  readonly width: number;
}

/** y (N, F) = silu(gate)·up for x (N, 2F) in rows of xStride floats, gate columns first. */
export function swiglu<T>(s: SwigluShape & { readonly xStride?: number }, bindings: { x: T; y: T }): Dispatch<T> {
  const { lanes, constants, conditions } = inLanes({ width: s.width, x_stride: s.xStride ?? 2 * s.width });
  return {
    label: 'Swiglu.forward',
    kernel: { shader: 'swiglu', conditions },
    params: { rows: s.rows, ...constants },
    bindings,
    workgroups: grid((s.rows * s.width) / lanes),
  };
}

/** dx (N, 2F). */
export function swigluBackward<T>(s: SwigluShape, bindings: { x: T; dy: T; dx: T }): Dispatch<T> {
  const { lanes, constants, conditions } = inLanes({ width: s.width });
  return {
    label: 'Swiglu.backward',
    kernel: { shader: 'swiglu_backward', conditions },
    params: { rows: s.rows, ...constants },
    bindings,
    workgroups: grid((s.rows * s.width) / lanes),
  };
}
