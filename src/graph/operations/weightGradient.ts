// dW += dyᵀ·x, whose rows are summed in parts side by side where the gradient alone would leave the device idle.
import { matmulTN, type OuterProduct } from '../../kernels/matmul/matmul';
import type { Graph, Tensor } from '../graph';

/** Adds aᵀ·b to y, the gradient of a weight. */
export function addWeightGradient(g: Graph, p: OuterProduct<Tensor>): void {
  g.emit(...matmulTN(p, (parts) => g.tensor(`parts of ${p.y.label}`, [parts, ...p.y.shape])));
}
