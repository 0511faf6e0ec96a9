// Which kernel makes which product on a device: measured once for each class of products, kept as plain data.
import type { Why } from '../../device/choices';
import { compareInTurns } from '../../device/compareInTurns';
import { type BufferRange, type Device, type DeviceBuffer, type Program, whole } from '../../device/contract';
import { type Dispatch, settledOn } from '../../device/dispatch';
import { CompileError } from '../../device/errors';
import { matmulNN, matmulNT, matmulTN, TILE_ROWS } from './matmul';
import {
  ALTERNATIVES_VERSION,
  defaultAlternative,
  PRODUCT_KINDS,
  PRODUCT_SIZES,
  type ProductKind,
  type ProductSize,
  productClass,
  ROWS,
  TILE_ALTERNATIVES,
} from './productAlternatives';

/** What was measured on one device. */
export interface ProductTable {
  readonly version: number;
  /** Milliseconds of each variant, by class. A class that is not there was not measured. */
  readonly times: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly numExperts?: number;
}

const BY_EXPERT: Readonly<Record<ProductSize, Shape>> = {
  small: { rows: 512, columns: 256, depth: 256, numExperts: 8 },
  medium: { rows: 4096, columns: 256, depth: 256, numExperts: 8 },
  large: { rows: 8192, columns: 512, depth: 256, numExperts: 8 },
};

/** What stands for a class while it is measured: y (rows, columns) as a sum over depth. */
const REPRESENTATIVES: Readonly<Record<ProductKind, Readonly<Record<ProductSize, Shape>>>> = {
  a·bᵀ: {
    small: { rows: 512, columns: 512, depth: 256 },
    medium: { rows: 1024, columns: 1024, depth: 256 },
    large: { rows: 2048, columns: 2048, depth: 256 },
  },
  a·b: {
    small: { rows: 512, columns: 512, depth: 256 },
    medium: { rows: 1024, columns: 1024, depth: 256 },
    large: { rows: 2048, columns: 2048, depth: 256 },
  },
  aᵀ·b: {
    small: { rows: 256, columns: 256, depth: 256 },
    medium: { rows: 512, columns: 512, depth: 1024 },
    large: { rows: 2048, columns: 2048, depth: 256 },
  },
  'a·bᵀ by expert': BY_EXPERT,
  'a·b by expert': BY_EXPERT,
};

/** A device so slow that it takes longer for a product is not asked for a larger one: that class goes by this one. */
const SLOW_MS = 20;

type Operands<T> = Readonly<Record<'a' | 'b' | 'y' | 'offsets' | 'counts' | 'tileExpert', T>>;

/** The product that stands for a class. */
export function representative<T>(kind: ProductKind, size: ProductSize, memory: Operands<T>): Dispatch<T> {
  const { numExperts, ...shape } = REPRESENTATIVES[kind][size];
  const { a, b, y, ...segments } = memory;
  const product = { label: productClass(kind, size), ...shape, a, b, y };
  if (kind === 'aᵀ·b') {
    const outer = { ...product, rows: shape.depth, columnsA: shape.rows, columnsB: shape.columns };
    return matmulTN(outer, () => y)[0] as Dispatch<T>;
  }
  const grouped = { ...product, ...(numExperts && { grouping: { numExperts, ...segments } }) };
  return kind.startsWith('a·bᵀ') ? matmulNT(grouped) : matmulNN(grouped);
}

/** Gives each expert its share of the rows: unlike ones, so that segments end in the midst of tiles, as in training. */
function unevenSegments({ rows, numExperts = 1 }: Shape): Record<'offsets' | 'counts' | 'tileExpert', Uint32Array> {
  const tiles = rows / TILE_ROWS;
  const firstOf = (expert: number) => Math.floor(tiles * (expert / numExperts) ** 1.5);
  const tileExpert = Array.from({ length: numExperts }, (_, e) =>
    new Array(firstOf(e + 1) - firstOf(e)).fill(e),
  ).flat();
  return {
    offsets: Uint32Array.from({ length: numExperts }, (_, e) => firstOf(e) * TILE_ROWS),
    counts: Uint32Array.from({ length: numExperts }, (_, e) => (firstOf(e + 1) - firstOf(e)) * TILE_ROWS),
    tileExpert: Uint32Array.from(tileExpert),
  };
}

/** Prefers tiles or rows by the kind of device alone, until something is measured. */
export function preferDefaults(device: Device): void {
  const { choices, isSoftware, preferences } = device;
  const why: Why = { kind: isSoftware ? 'software' : 'notMeasured' };
  for (const kind of PRODUCT_KINDS) {
    for (const size of PRODUCT_SIZES) {
      const subject = productClass(kind, size);
      const chosen = defaultAlternative(size, isSoftware);
      preferences.set(subject, chosen);
      choices.note({ subject, chosen, why });
    }
  }
}

/** Prefers what a table has as the fastest, and notes it among the device's choices. */
export function preferFastest(device: Device, table: ProductTable): void {
  for (const kind of PRODUCT_KINDS) {
    let measured: { subject: string; fastest: [string, number][] } | undefined;
    for (const size of PRODUCT_SIZES) {
      const subject = productClass(kind, size);
      const times = table.times[subject];
      if (times) measured = { subject, fastest: Object.entries(times).sort((a, b) => a[1] - b[1]) };
      const chosen = measured?.fastest[0]?.[0];
      if (measured === undefined || chosen === undefined) continue;
      const why: Why = { kind: 'fastest', times: measured.fastest, ...(!times && { as: measured.subject }) };
      device.preferences.set(subject, chosen);
      device.choices.note({ subject, chosen, why });
    }
  }
}

/** Milliseconds of a product by every kernel that can make it. A tiling that does not compile is left out, and that is noted. */
export async function timeAlternatives(
  device: Device,
  product: Dispatch<BufferRange>,
): Promise<ReadonlyMap<string, number>> {
  const programs = new Map<string, Program>();
  try {
    programs.set(ROWS, await device.compile(product.label, [settledOn(product)]));
    for (const name of TILE_ALTERNATIVES) {
      try {
        programs.set(name, await device.compile(product.label, [settledOn(product, name)]));
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
        const subject = `${name} for ${product.label}`;
        device.choices.note({ subject, chosen: 'none', why: { kind: 'notCompiled', fault: error.reason } });
      }
    }
    return await compareInTurns(programs);
  } finally {
    for (const program of programs.values()) program.destroy();
  }
}

/** Measures every class, smallest products first. */
export async function measureProducts(device: Device): Promise<ProductTable> {
  const times: Record<string, Record<string, number>> = {};
  await withOperands(device, async (memory) => {
    for (const kind of PRODUCT_KINDS) {
      for (const size of PRODUCT_SIZES) {
        const segments = Object.entries(unevenSegments(REPRESENTATIVES[kind][size]));
        for (const [name, table] of segments) device.write(memory[name as keyof typeof memory], table);
        const measured = await timeAlternatives(device, representative(kind, size, memory));
        times[productClass(kind, size)] = Object.fromEntries(measured);
        if (Math.min(...measured.values()) > SLOW_MS) break;
      }
    }
  });
  return { version: ALTERNATIVES_VERSION, times };
}

/** Lends room for the operands of every representative; the parts of a gradient are never more numbers than the largest y. */
async function withOperands(device: Device, work: (memory: Operands<BufferRange>) => Promise<void>): Promise<void> {
  const shapes = PRODUCT_KINDS.flatMap((kind) => Object.values(REPRESENTATIVES[kind]));
  const buffers: DeviceBuffer[] = [];
  const make = (name: string, count: (shape: Required<Shape>) => number) => {
    const most = Math.max(...shapes.map((shape) => count({ numExperts: 1, ...shape })));
    const buffer = device.createBuffer(`Products.${name}`, most * 4);
    buffers.push(buffer);
    return whole(buffer);
  };
  try {
    await work(
      await device.guardMemory(() => ({
        a: make('a', ({ rows, depth }) => rows * depth),
        b: make('b', ({ numExperts, columns, depth }) => numExperts * columns * depth),
        y: make('y', ({ rows, columns }) => rows * columns),
        offsets: make('offsets', ({ numExperts }) => numExperts),
        counts: make('counts', ({ numExperts }) => numExperts),
        tileExpert: make('tileExpert', ({ rows }) => rows / TILE_ROWS),
      })),
    );
  } finally {
    for (const buffer of buffers) device.destroyBuffer(buffer);
  }
}
