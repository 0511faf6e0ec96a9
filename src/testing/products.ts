// Operands and tolerances of the tests of matrix products.
import type { BufferRange } from '../device/contract';
import type { Dispatch } from '../device/dispatch';
import { matmulTN, type OuterProduct } from '../kernels/matmul/matmul';
import type { KernelRunner } from './kernelRunner';

/** The matrix (rows, width) inside a larger one whose other numbers are `fill`. */
export function inset(x: ArrayLike<number>, width: number, stride: number, offset: number, fill: number): Float32Array {
  const wide = new Float32Array(offset + (x.length / width) * stride).fill(fill);
  for (let i = 0; i < x.length; i++) wide[offset + Math.floor(i / width) * stride + (i % width)] = x[i] ?? Number.NaN;
  return wide;
}

/** Of f32 sums of `depth` products. */
export function tolerance(depth: number) {
  return { relative: 1e-6 + 1e-7 * Math.sqrt(depth), because: `an f32 sum of ${depth} products` };
}

/** y += aᵀ · b with room for its parts. */
export function outerProduct(gpu: KernelRunner, p: OuterProduct<BufferRange>): Dispatch<BufferRange>[] {
  const size = (p.segments?.numExperts ?? 1) * p.columnsA * p.columnsB;
  return matmulTN(p, (parts) => gpu.output(parts * size));
}
