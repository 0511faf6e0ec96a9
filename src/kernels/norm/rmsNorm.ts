// RMS norm and its gradients.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { rowReductionKernel } from '../layout/rowReduction';
import { vectorsOf } from '../layout/vectors';

export interface RmsNormShape {
  readonly rows: number;
  readonly width: number;
  /** Floats between rows of x. */
  readonly xStride: number;
}

/** y (N, D) = weight · x / rms(x); inverse_rms (N) is kept for the gradient. */
export function rmsNorm<T>(
  s: RmsNormShape & { epsilon: number },
  bindings: { x: T; weight: T; y: T; inverse_rms: T },
): Dispatch<T> {
  const { perVector, conditions } = vectorsOf(s.width, s.xStride);
  return {
    label: 'RmsNorm.forward',
    ...rowReductionKernel({ shader: 'rms_norm', conditions }, s.rows, s.width),
    params: { rows: s.rows, width: s.width / perVector, x_stride: s.xStride / perVector, epsilon: s.epsilon },
    bindings,
  };
}

/** dx (N, D) in rows of dxStride; plus `addend`, laid out as dx, if there is one. */
export function rmsNormBackward<T>(
  s: RmsNormShape & { dxStride: number },
  bindings: { x: T; weight: T; inverse_rms: T; dy: T; dx: T; addend?: T | undefined },
): Dispatch<T> {
  const { perVector, conditions } = vectorsOf(s.width, s.xStride, s.dxStride);
  const { addend, ...others } = bindings;
  return {
    label: 'RmsNorm.backward',
    ...rowReductionKernel(
      { shader: 'rms_norm_backward', conditions: { ...conditions, plus: addend !== undefined } },
      s.rows,
      s.width,
    ),
    params: {
      rows: s.rows,
      width: s.width / perVector,
      x_stride: s.xStride / perVector,
      dx_stride: s.dxStride / perVector,
    },
    bindings: addend === undefined ? others : { ...others, addend },
  };
}

/** Rows that one invocation of the weight's gradient sums. */
const BLOCK_ROWS = 64;

/** Rows of `partials` that rmsNormWeightBackward writes. */
export function rmsNormWeightBlocks(rows: number): number {
  return Math.ceil(rows / BLOCK_ROWS);
}

/** partials (blocks, D): the weight's gradient by block of rows; columnSum adds them up. */
export function rmsNormWeightBackward<T>(
  s: RmsNormShape,
  bindings: { x: T; inverse_rms: T; dy: T; partials: T },
): Dispatch<T> {
  const { perVector, conditions } = vectorsOf(s.width, s.xStride);
  return {
    label: 'RmsNorm.weightBackward',
    kernel: { shader: 'rms_norm_weight_backward', conditions },
    params: { rows: s.rows, width: s.width / perVector, x_stride: s.xStride / perVector, block_rows: BLOCK_ROWS },
    bindings,
    workgroups: grid((rmsNormWeightBlocks(s.rows) * s.width) / perVector),
  };
}
