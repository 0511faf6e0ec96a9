// What a product with weights in eight bits takes in their place: its other operand in eight bits, too, with a scale for each
// tile along what is summed over (DeepSeek-V3 report, arXiv 2412.19437, §3.3). A gradient is rounded anew for each of its
// products, and what went into the forward product is, from what was left of it there, for the weights' gradient.

import type { Gather, Grouping } from '../../kernels/matmul/matmul';
import { fp8Columns, fp8Rows } from '../../kernels/quantization/fp8';
import type { Graph, Tensor } from '../graph';

/** What several products take is rounded once. */
const rounded = new WeakMap<Tensor, Tensor>();

function rowsOf(g: Graph, x: Tensor, width: number): Tensor {
  const known = rounded.get(x);
  if (known) return known;
  const y = g.tensor(`${x.label} in fp8`, x.shape);
  g.emit(fp8Rows({ rows: x.size / width, width }, { x, y }));
  rounded.set(x, y);
  return y;
}

/** x (N, width) as its product with a weight over its width takes it: as it is, unless the weight is in eight bits. */
export function operandOf(g: Graph, x: Tensor, width: number, weight: Tensor): Tensor {
  return weight.dtype === 'e4m3' ? rowsOf(g, x, width) : x;
}

/** The gradient of a weight, dyᵀ·x over rows. */
interface WeightGradient {
  /** (…, M, K) */
  readonly weight: Tensor;
  readonly x: Tensor;
  readonly dy: Tensor;
  /** Of dy; of x, too, where it is not gathered. */
  readonly rows: number;
  /** Which rows are summed together. */
  readonly grouping?: Grouping<Tensor>;
  /** Of x. */
  readonly gather?: Gather<Tensor> | undefined;
}

/** What the product takes of x and dy: themselves, or, of a weight in eight bits, both in eight bits, x gathered. */
export function gradientOperands(g: Graph, s: WeightGradient): Pick<WeightGradient, 'x' | 'dy' | 'gather'> {
  const { weight, x, dy, rows, grouping, gather } = s;
  if (weight.dtype !== 'e4m3') return { x, dy, gather };
  const [columns, depth] = weight.shape.slice(-2) as [number, number];
  const turned = (of: Tensor, width: number, gather: Gather<Tensor> | undefined) => {
    const y = g.tensor(`${of.label} in fp8, turned`, [rows, width]);
    g.emit(fp8Columns({ rows, width, grouping, gather }, { x: of, y }));
    return y;
  };
  return { x: turned(rowsOf(g, x, depth), depth, gather), dy: turned(dy, columns, undefined), gather: undefined };
}
