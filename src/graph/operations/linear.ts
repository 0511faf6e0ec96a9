// y = x·Wᵀ (+ bias), the projection that everything is made of.

import { addBias, columnSum } from '../../kernels/elementwise/pointwise';
import { matmulNN, matmulNT } from '../../kernels/matmul/matmul';
import type { Graph, Tensor } from '../graph';
import { gradientOperands, operandOf } from './fp8';
import { addWeightGradient } from './weightGradient';

function rowsAndWidth(x: Tensor): { rows: number; width: number } {
  const width = x.shape.at(-1) as number;
  return { rows: x.size / width, width };
}

/** x (N, K), weight (M, K) → (N, M), plus residual (N, M) if there is one; leaves no gradient. Throws when the widths differ. */
export function project(g: Graph, label: string, x: Tensor, weight: Tensor, residual?: Tensor): Tensor {
  const { rows, width } = rowsAndWidth(x);
  const [columns, depth] = weight.shape as [number, number];
  if (depth !== width) throw new Error(`${label}: x is ${x.shape.join('×')}, weight ${weight.shape.join('×')}`);
  const y = g.tensor(label, [rows, columns]);
  const product = { rows, columns, depth, a: operandOf(g, x, depth, weight), b: weight, y };
  g.emit(matmulNT({ label: `Linear.forward:${label}`, ...product, ...(residual && { addend: residual }) }));
  return y;
}

/** The gradients of x·Wᵀ in x and W from that of its result, dy (N, M). */
export function projectBackward(g: Graph, label: string, x: Tensor, weight: Tensor, dy: Tensor): void {
  const { rows } = rowsAndWidth(x);
  const [columns, depth] = weight.shape as [number, number];
  if (weight.gradient) {
    const operands = gradientOperands(g, { weight, x, dy, rows });
    const product = { rows, columnsA: columns, columnsB: depth, a: operands.dy, b: operands.x, y: weight.gradient };
    addWeightGradient(g, { label: `Linear.weightBackward:${label}`, ...product });
  }
  g.growGradient(x, (dx, before) => {
    const product = { rows, columns: depth, depth: columns, a: operandOf(g, dy, columns, weight), b: weight, y: dx };
    g.emit(matmulNN({ label: `Linear.backward:${label}`, ...product, ...(before && { addend: before }) }));
  });
}

/** As `project`, with its gradient. */
export function linear(g: Graph, label: string, x: Tensor, weight: Tensor, residual?: Tensor): Tensor {
  const y = project(g, label, x, weight, residual);
  g.onBackward([y], (dy) => {
    if (residual) g.addGradient(residual, dy);
    projectBackward(g, label, x, weight, dy);
  });
  return y;
}

/** x (N, D) + bias (D). */
export function bias(g: Graph, label: string, x: Tensor, parameter: Tensor): Tensor {
  const shape = rowsAndWidth(x);
  const y = g.tensor(label, x.shape);
  g.emit(addBias(`Bias.forward:${label}`, shape, { x, bias: parameter, y }));
  g.onBackward([y], (dy) => {
    if (parameter.gradient) g.emit(columnSum(`Bias.backward:${label}`, shape, { x: dy, y: parameter.gradient }));
    g.addGradient(x, dy);
  });
  return y;
}
