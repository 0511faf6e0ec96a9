// The kernels that can make a product, and for which products one choice among them holds. All give the same bits.
import type { Alternatives, Launch } from '../gpu/kernel';

export type ProductKind = 'a·bᵀ' | 'a·b' | 'aᵀ·b';

export const PRODUCT_KINDS: readonly ProductKind[] = ['a·bᵀ', 'a·b', 'aᵀ·b'];

/** How large a product is, by how many workgroups tiles of 64 × 64 would make of it; smallest first. */
export const PRODUCT_SIZES = ['small', 'medium', 'large'] as const;
export type ProductSize = (typeof PRODUCT_SIZES)[number];

/** The one that reads its operands where they lie: no workgroup memory, eight rows an invocation. */
export const ROWS = 'rows';

/** Constants of matmul_tiled.wgsl by the name of the variant: a tile has 4 · SIDE · QUADS rows and 4 · SIDE columns. */
const TILES: Readonly<Record<string, { SIDE: number; QUADS: number }>> = {
  'tile 32×32': { SIDE: 8, QUADS: 1 },
  'tile 64×64': { SIDE: 16, QUADS: 1 },
  'tile 128×64': { SIDE: 16, QUADS: 2 },
};

export const TILE_VARIANTS: readonly string[] = Object.keys(TILES);

/** Changes with the variants, their kernels and the classes: measurements of another set are worth nothing. */
export const VARIANTS_VERSION = 1;

/** What is preferred where nothing was measured: tiles, but not where workgroup memory is the memory of all. */
export function defaultVariant(size: ProductSize, isSoftware: boolean): string {
  if (isSoftware) return ROWS;
  return size === 'small' ? 'tile 32×32' : 'tile 64×64';
}

/** The class of products that one preference holds for. */
export function productClass(kind: ProductKind, size: ProductSize): string {
  return `${kind}, ${size}`;
}

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly segments?: number;
  readonly parts?: number;
  readonly slots_per_row?: number;
}

function sizeOf({ rows, columns, segments = 1, parts = 1 }: Shape): ProductSize {
  const tiles = Math.ceil(rows / 64) * Math.ceil(columns / 64) * segments * parts;
  if (tiles <= 64) return 'small';
  return tiles <= 512 ? 'medium' : 'large';
}

/** Every tiling of a product whose widths, strides and offsets are multiples of four. */
export function tiledAlternatives(
  kind: ProductKind,
  shape: Shape,
  layouts: Readonly<Record<'a' | 'b' | 'y', { readonly stride: number; readonly offset: number }>>,
  conditions: Readonly<Record<string, boolean>>,
): Alternatives {
  const { a, b, y } = layouts;
  const params = {
    segments: 1,
    parts: 1,
    slots_per_row: 1,
    ...shape,
    a_stride: a.stride,
    a_offset: a.offset,
    b_stride: b.stride,
    b_offset: b.offset,
    y_stride: y.stride,
    y_offset: y.offset,
  };
  const turned = { a_turned: kind === 'aᵀ·b', b_turned: kind === 'a·bᵀ' };
  const launch = (constants: { SIDE: number; QUADS: number }): Launch => ({
    kernel: { shader: 'matmul_tiled', constants, conditions: { ...turned, ...conditions } },
    params,
    workgroups: [
      Math.ceil(shape.columns / (4 * constants.SIDE)),
      Math.ceil(shape.rows / (4 * constants.SIDE * constants.QUADS)),
      params.segments * params.parts,
    ],
  });
  return {
    subject: productClass(kind, sizeOf(shape)),
    asIs: ROWS,
    launches: Object.fromEntries(Object.entries(TILES).map(([name, constants]) => [name, launch(constants)])),
  };
}
