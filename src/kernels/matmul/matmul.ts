// Matrix products: y = a·bᵀ, y = a·b and y += aᵀ·b, plain or grouped by expert. Vectorised kernels where all sizes are
// multiples of four, a scalar one for any other shape. Which of the vectorised ones is the fastest depends on the device
// (productAlternatives.ts); the bits do not.
import type { Dispatch } from '../../device/dispatch';
import { columnSum } from '../elementwise/pointwise';
import { columnLayout, narrowColumnLayout } from '../layout/columnLayout';
import { grid } from '../layout/grid';
import { hasFewRows, sharedReads } from '../layout/sharedReads';
import { tiledAlternatives } from './productAlternatives';

/** Rows of one tile; a segment of sorted rows is padded to a multiple of this so that a tile has one expert. */
export const TILE_ROWS = 8;

/** A matrix inside a larger buffer: floats between rows, and before the first. */
interface Layout {
  readonly stride: number;
  readonly offset?: number;
}

/** Segment of each expert among sorted rows. */
export interface Segments<T> {
  readonly numExperts: number;
  readonly offsets: T;
  readonly counts: T;
}

/** Which expert's matrix a row is multiplied by: that of its segment, padding included. */
export interface Grouping<T> extends Segments<T> {
  /** (tiles): expert of each tile of TILE_ROWS rows. */
  readonly tileExpert: T;
}

/** Row n of the operand is row rowOf[n] / slotsPerRow; INVALID rows are zero. */
export interface Gather<T> {
  readonly rowOf: T;
  readonly slotsPerRow: number;
}

/**
 * What a shader that gathers imports. A division by a number known beforehand costs a shift, any other dozens of
 * instructions.
 */
function gatherConstants(gather: Gather<unknown> | undefined): Record<string, number> {
  return gather ? { SLOTS_PER_ROW: gather.slotsPerRow } : {};
}

export interface Product<T> {
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly a: T;
  readonly aLayout?: Layout;
  readonly b: T;
  readonly y: T;
  readonly yLayout?: Layout;
  readonly grouping?: Grouping<T>;
  readonly gather?: Gather<T>;
  /** Added to the product; laid out as y. */
  readonly addend?: T;
}

function isVectorisable(...sizes: readonly number[]): boolean {
  return sizes.every((size) => size % 4 === 0);
}

function product<T>(p: Product<T>, kind: 'a·bᵀ' | 'a·b'): Dispatch<T> {
  const isTransposed = kind === 'a·bᵀ';
  const aLayout = { offset: 0, ...(p.aLayout ?? { stride: p.depth }) };
  const yLayout = { offset: 0, ...(p.yLayout ?? { stride: p.columns }) };
  const common = {
    rows: p.rows,
    columns: p.columns,
    depth: p.depth,
    a_stride: aLayout.stride,
    a_offset: aLayout.offset,
    y_stride: yLayout.stride,
    y_offset: yLayout.offset,
    expert_stride: p.columns * p.depth,
    num_experts: p.grouping?.numExperts ?? 0,
  };
  const bindings = {
    a: p.a,
    b: p.b,
    y: p.y,
    ...(p.grouping && { tile_expert: p.grouping.tileExpert }),
    ...(p.gather && { row_of: p.gather.rowOf }),
    ...(p.addend && { addend: p.addend }),
  };
  const conditions = {
    grouped: p.grouping !== undefined,
    gather: p.gather !== undefined,
    plus: p.addend !== undefined,
  };
  const gathered = gatherConstants(p.gather);
  if (isVectorisable(p.columns, p.depth, aLayout.stride, aLayout.offset, yLayout.stride, yLayout.offset)) {
    // Of sorted rows some are padding.
    const fullRows = p.rows - TILE_ROWS * (p.grouping?.numExperts ?? 0);
    const isBrief = hasFewRows(fullRows);
    const ROWS = isBrief ? TILE_ROWS / 4 : TILE_ROWS;
    // Turning b takes registers that a second tile would need.
    const { workgroups, ...layout } = isBrief
      ? narrowColumnLayout(p.columns)
      : columnLayout(p.columns, isTransposed ? 1 : 2);
    const { rows, columns, depth, grouping } = p;
    const segments = grouping && { segments: grouping.numExperts, padding: TILE_ROWS };
    const shape = { rows, columns, depth, ...segments };
    const bLayout = { stride: isTransposed ? depth : columns, offset: 0 };
    const layouts = { a: aLayout, b: bLayout, y: yLayout };
    return {
      label: p.label,
      kernel: sharedReads(
        {
          shader: isTransposed ? 'matmul_nt' : 'matmul_nn',
          constants: { ...layout, ROWS, ...(grouping && { TILE_ROWS }), ...gathered },
          conditions: { ...conditions, vec4: true },
        },
        fullRows,
      ),
      params: common,
      // A tile of more rows than TILE_ROWS finds its expert by the segments.
      bindings: { ...bindings, ...(grouping && { offsets: grouping.offsets, counts: grouping.counts }) },
      workgroups: [workgroups, Math.ceil(p.rows / ROWS), 1],
      alternatives: tiledAlternatives(grouping ? `${kind} by expert` : kind, shape, layouts, conditions, gathered),
    };
  }
  return {
    label: p.label,
    kernel: { shader: 'matmul_scalar', constants: { ROWS: TILE_ROWS, ...gathered }, conditions },
    params: {
      ...common,
      b_row: isTransposed ? 1 : p.columns,
      b_column: isTransposed ? p.depth : 1,
    },
    bindings,
    workgroups: grid(p.rows * p.columns),
  };
}

/** y (N, M) = a (N, K) · bᵀ, b (M, K); grouped: b (E, M, K). */
export function matmulNT<T>(p: Product<T>): Dispatch<T> {
  return product(p, 'a·bᵀ');
}

/** y (N, M) = a (N, K) · b (K, M); grouped: b (E, K, M). Does not gather. */
export function matmulNN<T>(p: Omit<Product<T>, 'gather'>): Dispatch<T> {
  return product(p, 'a·b');
}

export interface OuterProduct<T> {
  readonly label: string;
  /** Rows summed over. */
  readonly rows: number;
  readonly columnsA: number;
  readonly columnsB: number;
  readonly a: T;
  readonly aLayout?: Layout;
  readonly b: T;
  readonly bLayout?: Layout;
  readonly y: T;
  /** Segment of each expert among the sorted rows. */
  readonly segments?: Segments<T>;
  /** Of b. */
  readonly gather?: Gather<T>;
}

/** Workgroups that keep a large device busy. */
const ENOUGH_WORKGROUPS = 128;
/** A part with fewer rows is not worth its share of the reduction. */
const LEAST_ROWS_OF_PART = 128;

/**
 * How many parts the rows of y += aᵀ·b are summed in, side by side. A rule of the shape alone, since it settles the order of
 * the sum and with it the bits.
 */
export function numParts(p: {
  readonly rows: number;
  readonly columnsA: number;
  readonly columnsB: number;
  readonly segments?: { readonly numExperts: number };
}): number {
  const numExperts = p.segments?.numExperts ?? 1;
  const tiles = Math.ceil(p.columnsA / 64) * Math.ceil(p.columnsB / 64) * numExperts;
  const most = Math.floor(p.rows / numExperts / LEAST_ROWS_OF_PART);
  return Math.max(1, Math.min(Math.ceil(ENOUGH_WORKGROUPS / tiles), most));
}

/**
 * y (M, K) += aᵀ · b for a (N, M), b (N, K); in segments: y (E, M, K).
 * @param makePartials makes room for sums of numParts(p) parts, each laid out as y; called where there is more than one.
 */
export function matmulTN<T>(p: OuterProduct<T>, makePartials: (parts: number) => T): Dispatch<T>[] {
  const parts = numParts(p);
  if (parts === 1) return [outerProduct(p, 1, p.y, true)];
  const partials = makePartials(parts);
  const width = (p.segments?.numExperts ?? 1) * p.columnsA * p.columnsB;
  return [
    outerProduct(p, parts, partials, false),
    columnSum(p.label.replace(/:|$/, '.parts$&'), { rows: parts, width }, { x: partials, y: p.y }),
  ];
}

/** y (parts, E, M, K) = aᵀ · b in so many parts, or added to what is there. */
export function outerProduct<T>(p: OuterProduct<T>, parts: number, y: T, isAdded: boolean): Dispatch<T> {
  const aLayout = { offset: 0, ...(p.aLayout ?? { stride: p.columnsA }) };
  const bLayout = { offset: 0, ...(p.bLayout ?? { stride: p.columnsB }) };
  const segments = p.segments?.numExperts ?? 1;
  const conditions = { grouped: p.segments !== undefined, gather: p.gather !== undefined, grow: isAdded };
  const gathered = gatherConstants(p.gather);
  const params = {
    rows: p.rows,
    columns_a: p.columnsA,
    columns_b: p.columnsB,
    a_stride: aLayout.stride,
    a_offset: aLayout.offset,
    b_stride: bLayout.stride,
    b_offset: bLayout.offset,
    segments,
    parts,
  };
  const bindings = {
    a: p.a,
    b: p.b,
    y,
    ...(p.segments && { offsets: p.segments.offsets, counts: p.segments.counts }),
    ...(p.gather && { row_of: p.gather.rowOf }),
  };
  const { label, columnsA, columnsB } = p;
  if (!isVectorisable(columnsA, columnsB, aLayout.stride, aLayout.offset, bLayout.stride, bLayout.offset)) {
    return {
      label,
      kernel: { shader: 'matmul_tn_scalar', constants: gathered, conditions },
      params,
      bindings,
      workgroups: grid(parts * segments * columnsA * columnsB),
    };
  }
  const { workgroups, ...layout } = columnLayout(columnsB, 2);
  const QUADS = [4, 2].find((quads) => columnsA % (4 * quads) === 0) ?? 1;
  const shape = { rows: columnsA, columns: columnsB, depth: p.rows, segments, parts };
  const layouts = { a: aLayout, b: bLayout, y: { stride: columnsB, offset: 0 } };
  return {
    label,
    kernel: sharedReads({ shader: 'matmul_tn', constants: { ...layout, QUADS, ...gathered }, conditions }, p.rows),
    params,
    bindings,
    workgroups: [workgroups, columnsA / (4 * QUADS), segments * parts],
    alternatives: tiledAlternatives('aᵀ·b', shape, layouts, conditions, gathered),
  };
}
