// Projections of a decode step, with what stands before and after them in the same dispatch.
import type { Dispatch } from '../../device/dispatch';
import { columnLayout, narrowColumnLayout } from '../layout/columnLayout';
import { sharedReads } from '../layout/sharedReads';
import { inVectors } from '../layout/vectors';
import { TILE_ROWS } from './matmul';

/** In place of a bias's start, for a matrix without one (shaders/matmul/decode_linear.wgsl). */
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

/**
 * Rows sorted by expert, whose matrix is one of (E, columns, depth). Row n of x is row row_of[n] / slotsPerRow, if that
 * is bound.
 */
export interface ExpertsShape {
  readonly numExperts: number;
  readonly slotsPerRow: number;
  /**
   * Experts E … E + count − 1: parts of one that is `count` times as wide, whose matrix is among the parameters at
   * `at`; a gate_up (2·count·hidden, depth) if gated, else a down (columns, count·depth).
   */
  readonly shared?: { readonly count: number; readonly at: number } | undefined;
}

export interface DecodeLinearShape {
  readonly rows: number;
  readonly depth: number;
  /** Floats between rows of x. */
  readonly xStride?: number;
  /** Whether the matrix, of which there is one, is [gate; up]: y, half as many columns, is silu(gate)·up. */
  readonly isGated?: boolean;
  readonly experts?: ExpertsShape;
  readonly norm?: DecodeNorm;
  /** Of the first matrix the first columns of y, of the second the rest. */
  readonly matrices: readonly [DecodeMatrix, DecodeMatrix?];
}

/** Columns of y. */
export function decodeColumns({
  matrices: [first, second],
  isGated,
}: Pick<DecodeLinearShape, 'matrices' | 'isGated'>): number {
  return isGated ? first.columns / 2 : first.columns + (second?.columns ?? 0);
}

/** Rows that read a weight once: none that is idle where there is a single one. */
function rowsTogether(rows: number): 1 | 4 | 8 {
  if (rows === 1) return 1;
  return rows < 32 ? 4 : 8;
}

/** What a kernel can do, and how it is told. */
interface Form {
  readonly shader: string;
  /** Parts that it can leave out. */
  readonly conditions: readonly ('quads' | 'normed' | 'biased' | 'residual' | 'gather' | 'live')[];
  /** Of its parameters, those that not every kernel has. */
  readonly params: readonly string[];
}

const EXPERTS = ['second_at', 'num_experts', 'num_shared', 'expert_stride'];

/** Which kernel makes which projection: by whether it is gated, and whether each row has an expert of its own. */
const FORMS: Readonly<Record<'plain' | 'gated' | 'experts' | 'gatedExperts', Form>> = {
  plain: {
    shader: 'decode_linear',
    conditions: ['quads', 'normed', 'biased', 'residual', 'live'],
    params: ['first_columns', 'second_at', 'first_bias_at', 'second_bias_at'],
  },
  gated: { shader: 'decode_gated', conditions: ['normed', 'live'], params: [] },
  experts: { shader: 'decode_experts', conditions: ['quads', 'normed', 'gather'], params: EXPERTS },
  gatedExperts: { shader: 'decode_experts_gated', conditions: ['normed', 'gather'], params: EXPERTS },
};

/** Shaders of projections, e.g. for their self-tests. */
export const DECODE_SHADERS = Object.values(FORMS).map(({ shader }) => shader);

function formOf({ isGated, experts }: DecodeLinearShape): Form {
  if (experts) return isGated ? FORMS.gatedExperts : FORMS.experts;
  return isGated ? FORMS.gated : FORMS.plain;
}

/** @throws where a projection asks for what its kernel cannot do. */
function checkAsked(label: string, { shader, conditions }: Form, asked: Readonly<Record<string, boolean>>): void {
  const excess = Object.entries(asked).flatMap(([part, isAsked]) =>
    isAsked && !conditions.some((known) => known === part) ? [part] : [],
  );
  if (excess.length > 0) throw new Error(`${label}: ${shader}.wgsl has no ${excess.join(', ')}`);
}

/**
 * y (B, columns) = norm(x)·wᵀ + bias + residual; x (B, depth), residual as y. By expert: tile_expert (tiles), row_of (B) as a
 * counting sort in tiles of TILE_ROWS leaves them. num_live (1): how many of the rows matter; the others may hold anything.
 */
export function decodeLinear<T>(
  label: string,
  s: DecodeLinearShape,
  bindings: { pool: T; x: T; residual?: T; y: T; tile_expert?: T; row_of?: T; num_live?: T },
): Dispatch<T> {
  const [first, second] = s.matrices;
  const { isGated = false, experts } = s;
  if ((isGated || experts) && second) throw new Error(`${label}: this projection takes no second matrix`);
  const columns = decodeColumns(s);
  const form = formOf(s);
  const asked = {
    normed: s.norm !== undefined,
    biased: first.biasAt !== undefined || second?.biasAt !== undefined,
    residual: bindings.residual !== undefined,
    gather: bindings.row_of !== undefined,
    live: bindings.num_live !== undefined,
  };
  checkAsked(label, form, asked);
  const parts = { ...asked, quads: columns % 4 === 0 };
  const widths = inVectors({
    depth: s.depth,
    x_stride: s.xStride ?? s.depth,
    expert_stride: first.columns * s.depth,
  });
  const { depth, x_stride, expert_stride } = widths.constants;
  const ROWS = rowsTogether(s.rows);
  // An invocation has four: columns, or two gates and what they let through.
  const products = isGated ? 4 * Math.ceil(columns / 2) : columns;
  const { WIDTH, workgroups } = s.rows === 1 ? narrowColumnLayout(products) : columnLayout(products, 1);
  const own: Readonly<Record<string, number>> = {
    first_columns: first.columns,
    second_at: second?.at ?? experts?.shared?.at ?? 0,
    first_bias_at: first.biasAt ?? NO_BIAS,
    second_bias_at: second?.biasAt ?? NO_BIAS,
    num_experts: experts?.numExperts ?? 0,
    num_shared: experts?.shared?.count ?? 0,
    expert_stride,
  };
  return {
    label: `Decode.linear:${label}`,
    kernel: sharedReads(
      {
        shader: form.shader,
        constants: {
          WIDTH,
          ROWS,
          ...(experts && { TILE_ROWS }),
          ...(experts && asked.gather && { SLOTS_PER_ROW: experts.slotsPerRow }),
        },
        conditions: {
          ...widths.conditions,
          ...Object.fromEntries(form.conditions.map((part) => [part, parts[part]])),
        },
      },
      s.rows,
    ),
    params: {
      rows: s.rows,
      depth,
      x_stride,
      columns,
      norm_at: s.norm?.at ?? 0,
      epsilon: s.norm?.epsilon ?? 0,
      first_at: first.at,
      ...Object.fromEntries(form.params.map((name) => [name, own[name] as number])),
    },
    bindings: bindings as Record<string, T>,
    workgroups: [workgroups, Math.ceil(s.rows / ROWS), 1],
  };
}
