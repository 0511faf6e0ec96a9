// SwiGLU and RMS norm.
import { columnSum } from '../../kernels/elementwise/pointwise';
import { swigluBackward, swiglu as swigluKernel } from '../../kernels/elementwise/swiglu';
import {
  rmsNorm as kernel,
  rmsNormBackward,
  rmsNormWeightBackward,
  rmsNormWeightBlocks,
} from '../../kernels/norm/rmsNorm';
import type { Graph, Tensor } from '../graph';

/** silu(gate)·up: x (N, 2F) → (N, F). */
export function swiglu(g: Graph, x: Tensor): Tensor {
  const [rows, doubleWidth] = x.shape as [number, number];
  const shape = { rows, width: doubleWidth / 2 };
  const y = g.tensor('swiglu', [rows, shape.width]);
  g.emit(swigluKernel(shape, { x, y }));
  g.onBackward([y], (dy) => {
    const dx = g.tensor(`d ${x.label}`, x.shape);
    g.emit(swigluBackward(shape, { x, dy, dx }));
    g.addGradient(x, dx);
  });
  return y;
}

/** The gradient of a norm's weight (D), added where the parameter collects it. x: (N, D) in rows of xStride. */
export function normWeightBackward(
  g: Graph,
  shape: { rows: number; width: number; xStride: number },
  t: { x: Tensor; inverseRms: Tensor; dy: Tensor; weight: Tensor },
): void {
  if (!t.weight.gradient) return;
  const blocks = rmsNormWeightBlocks(shape.rows);
  const partials = g.tensor('norm partials', [blocks, shape.width]);
  g.emit(
    rmsNormWeightBackward(shape, { x: t.x, inverse_rms: t.inverseRms, dy: t.dy, partials }),
    columnSum('RmsNorm.weightSum', { rows: blocks, width: shape.width }, { x: partials, y: t.weight.gradient }),
  );
}

/** weight (D) · x / rms(x) of every D numbers of x: (N, D), or (N, H·D) for a norm of each head. */
export function rmsNorm(g: Graph, x: Tensor, weight: Tensor, epsilon: number): Tensor {
  const width = weight.size;
  const rows = x.size / width;
  const shape = { rows, width, xStride: width };
  const y = g.tensor('norm', x.shape);
  const inverseRms = g.tensor('inverse rms', [rows]);
  g.emit(kernel({ ...shape, epsilon }, { x, weight, y, inverse_rms: inverseRms }));
  g.onBackward([y], (dy) => {
    normWeightBackward(g, shape, { x, inverseRms, dy, weight });
    g.growGradient(x, (dx, before) => {
      const bindings = { x, weight, inverse_rms: inverseRms, dy, dx, addend: before };
      g.emit(rmsNormBackward({ ...shape, dxStride: width }, bindings));
    });
  });
  return y;
}
