// The kernels that can make a product, and for which products one choice among them holds. All give the same bits.
import type { Alternatives, Launch } from '../../device/dispatch';

/** By expert: each row of a meets the b of its expert. */
export type ProductKind = 'a·bᵀ' | 'a·b' | 'aᵀ·b' | 'a·bᵀ by expert' | 'a·b by expert';

export const PRODUCT_KINDS: readonly ProductKind[] = ['a·bᵀ', 'a·b', 'aᵀ·b', 'a·bᵀ by expert', 'a·b by expert'];

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

export const TILE_ALTERNATIVES: readonly string[] = Object.keys(TILES);

/** Changes with the variants, their kernels and the classes: measurements of another set are worth nothing. */
export const ALTERNATIVES_VERSION = 2;

/** What is preferred where nothing was measured: tiles, but not where workgroup memory is the memory of all. */
export function defaultAlternative(size: ProductSize, isSoftware: boolean): string {
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
  /** Of the sum, or, by expert, of the rows. */
  readonly segments?: number;
  readonly parts?: number;
  /** By expert: a segment of rows ends at a multiple of this. */
  readonly padding?: number;
}

/**
 * Tiles of so many rows and columns that a product needs. How many an expert's rows need only the device knows: these
 * are enough.
 */
function tilesOf(shape: Shape, rows: number, columns: number): [x: number, y: number, z: number] {
  const { segments = 1, parts = 1, padding } = shape;
  const across = Math.ceil(shape.columns / columns);
  if (padding !== undefined) return [across, Math.floor(shape.rows / rows) + segments, 1];
  return [across, Math.ceil(shape.rows / rows), segments * parts];
}

function sizeOf(shape: Shape): ProductSize {
  const [x, y, z] = tilesOf(shape, 64, 64);
  const tiles = x * y * z;
  if (tiles <= 64) return 'small';
  return tiles <= 512 ? 'medium' : 'large';
}

/** Every tiling of a product whose widths, strides and offsets are multiples of four. */
export function tiledAlternatives(
  kind: ProductKind,
  shape: Shape,
  layouts: Readonly<Record<'a' | 'b' | 'y', { readonly stride: number; readonly offset: number }>>,
  conditions: Readonly<Record<string, boolean>>,
  gathered: Readonly<Record<string, number>>,
): Alternatives {
  const { a, b, y } = layouts;
  const params = {
    segments: 1,
    parts: 1,
    padding: 1,
    ...shape,
    a_stride: a.stride,
    a_offset: a.offset,
    b_stride: b.stride,
    b_offset: b.offset,
    y_stride: y.stride,
    y_offset: y.offset,
  };
  const turned = { a_turned: kind === 'aᵀ·b', b_turned: kind.startsWith('a·bᵀ') };
  const launch = (constants: { SIDE: number; QUADS: number }): Launch => ({
    kernel: {
      shader: 'matmul_tiled',
      constants: { ...constants, ...gathered },
      conditions: { ...turned, ...conditions },
    },
    params,
    workgroups: tilesOf(shape, 4 * constants.SIDE * constants.QUADS, 4 * constants.SIDE),
  });
  return {
    subject: productClass(kind, sizeOf(shape)),
    asIs: ROWS,
    launches: Object.fromEntries(Object.entries(TILES).map(([name, constants]) => [name, launch(constants)])),
  };
}
