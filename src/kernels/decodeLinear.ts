// Projections of a decode step, with what stands before and after them in the same dispatch.
import type { Dispatch } from '../gpu/kernel';
import { inLanes } from './lanes';
import { lieAlong, narrowLie } from './lie';
import { sharedReads } from './share';

/** In place of a bias's start, for a matrix without one (shaders/decode_linear.wgsl). */
const NO_BIAS = 0xffffffff;

/** A matrix (columns, depth) among the parameters, and its bias: floats from their start. */
export interface DecodeMatrix {
  readonly columns: number;
  readonly at: number;
  readonly biasAt?: number | undefined;
}

/** A norm's weight among the parameters. */
export interface DecodeNorm {
  readonly at: number;
  readonly epsilon: number;
}

export interface DecodeLinearShape {
  readonly rows: number;
  readonly depth: number;
  /** Floats between rows of x. */
  readonly xStride?: number;
  readonly norm?: DecodeNorm;
  /** Of the first matrix the first columns of y, of the second the rest. */
  readonly matrices: readonly [DecodeMatrix, DecodeMatrix?];
}

/** Rows that read a weight once: none that is idle where there is a single one. */
function rowsTogether(rows: number): 1 | 4 | 8 {
  if (rows === 1) return 1;
  return rows < 32 ? 4 : 8;
}

/** y (B, columns) = norm(x)·wᵀ + bias + residual; x (B, depth), residual as y. */
export function decodeLinear<T>(
  label: string,
  s: DecodeLinearShape,
  bindings: { pool: T; x: T; residual?: T; y: T },
): Dispatch<T> {
  const [first, second] = s.matrices;
  const columns = first.columns + (second?.columns ?? 0);
  const { constants, conditions } = inLanes({ depth: s.depth, x_stride: s.xStride ?? s.depth });
  const ROWS = rowsTogether(s.rows);
  const { WIDTH, workgroups } = s.rows === 1 ? narrowLie(columns) : lieAlong(columns, 1);
  return {
    label: `Decode.linear:${label}`,
    kernel: sharedReads(
      {
        shader: 'decode_linear',
        constants: { WIDTH, ROWS },
        conditions: {
          ...conditions,
          quads: columns % 4 === 0,
          normed: s.norm !== undefined,
          biased: first.biasAt !== undefined || second?.biasAt !== undefined,
          residual: bindings.residual !== undefined,
        },
      },
      s.rows,
    ),
    params: {
      rows: s.rows,
      ...constants,
      columns,
      first_columns: first.columns,
      norm_at: s.norm?.at ?? 0,
      epsilon: s.norm?.epsilon ?? 0,
      first_at: first.at,
      second_at: second?.at ?? 0,
      first_bias_at: first.biasAt ?? NO_BIAS,
      second_bias_at: second?.biasAt ?? NO_BIAS,
    },
    bindings: bindings as Record<string, T>,
    workgroups: [workgroups, Math.ceil(s.rows / ROWS), 1],
  };
}
