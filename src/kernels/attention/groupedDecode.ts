// Grouped-query attention over a cache of keys and values, for one new token a row.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { inVectors } from '../layout/vectors';
import type { GroupedShape } from './attention';
import { keyParts, MOST_NUMBERS } from './keyParts';

/** RMS norms of queries and keys before they turn: (width) each, or as wide as all heads of a row. */
export interface HeadNorms {
  /** Where their weights start among the parameters. */
  readonly qAt: number;
  readonly kAt: number;
  readonly isWhole: boolean;
  readonly epsilon: number;
}

export interface GroupedDecodeShape extends GroupedShape {
  /** Numbers of a head that turn, the first ones; 0 for none. */
  readonly rope: number;
  readonly isInterleaved: boolean;
  readonly norms?: HeadNorms | undefined;
  /** The most keys that a row can have. */
  readonly maxKeys: number;
  /** Floats between rows of q and before its first, and of the tensor that has k and v. */
  readonly qStride: number;
  readonly qOffset: number;
  readonly kvStride: number;
  readonly kOffset: number;
  readonly vOffset: number;
}

export interface GroupedDecodeTensors<T> {
  readonly places: T;
  /** (B, H, width) and (B, KV, width) twice, as projected. */
  readonly q: T;
  readonly kv: T;
  /** Where there are norms. */
  readonly pool: T;
  /** (positions, rope/2) of (cos, sin). */
  readonly table: T;
  /** Rows of [k (KV, width) | v (KV, width)]; the new token's is added. */
  readonly cache: T;
  /** Scratch: (B, H, width), (B, H, parts, width), and (B, H, parts) twice, for groupedParts(s) parts. */
  readonly query: T;
  readonly sums: T;
  readonly largests: T;
  readonly totals: T;
  /** (B, H, width) */
  readonly y: T;
}

/** Parts that the keys of the longest row are attended to in. */
export function groupedParts({ maxKeys, window }: Pick<GroupedDecodeShape, 'maxKeys' | 'window'>): number {
  return keyParts(Math.min(maxKeys, window ?? maxKeys));
}

/** From so many heads of rows on, an invocation has a whole head. */
const MANY_HEADS = 64;

/** How many heads that share a key an invocation reads it for: as many as its registers hold. */
function headsTogether({ heads, kvHeads, width }: GroupedShape): number {
  const readers = heads / kvHeads;
  return [4, 3, 2].find((count) => readers % count === 0 && count * 2 * width <= MOST_NUMBERS) ?? 1;
}

/** Norms, RoPE and the cache's new row; attention in parts; the parts put together: three dispatches. */
export function groupedDecode<T>(s: GroupedDecodeShape, t: GroupedDecodeTensors<T>): Dispatch<T>[] {
  const { rows, heads, kvHeads, rope, norms } = s;
  const { places, query, sums, largests, totals, cache } = t;
  const together = rows * heads >= MANY_HEADS ? s.width : 1;
  const { constants, conditions } = inVectors({ WIDTH: s.width });
  const parts = groupedParts(s);
  const HEADS = headsTogether(s);
  const window = s.window ?? 0;
  const invocations = (rows * heads * parts) / HEADS;
  // The few of a single row are spread over the processors.
  const GROUP = invocations <= 64 ? 16 : 64;
  return [
    {
      label: 'GroupedDecode.heads',
      kernel: {
        shader: 'decode_heads',
        conditions: {
          interleaved: s.isInterleaved,
          normed: norms !== undefined,
          whole: norms?.isWhole ?? false,
        },
      },
      params: {
        rows,
        heads,
        kv_heads: kvHeads,
        width: s.width,
        rope,
        q_stride: s.qStride,
        q_offset: s.qOffset,
        kv_stride: s.kvStride,
        k_offset: s.kOffset,
        v_offset: s.vOffset,
        together,
        q_norm_at: norms?.qAt ?? 0,
        k_norm_at: norms?.kAt ?? 0,
        epsilon: norms?.epsilon ?? 0,
        scale: s.scale,
      },
      bindings: { places, q: t.q, kv: t.kv, table: t.table, cache, query, ...(norms && { pool: t.pool }) },
      workgroups: grid(rows * (heads + 2 * kvHeads) * Math.ceil(s.width / together)),
    },
    {
      label: 'GroupedDecode.attention',
      kernel: { shader: 'grouped_decode', constants: { ...constants, HEADS, GROUP }, conditions },
      params: { rows, heads, kv_heads: kvHeads, window, parts },
      bindings: { places, query, cache, sums, largests, totals },
      workgroups: grid(invocations, GROUP),
    },
    {
      label: 'GroupedDecode.parts',
      kernel: { shader: 'decode_parts', conditions },
      params: { rows, heads, window, parts, width: constants.WIDTH },
      bindings: { places, sums, largests, totals, y: t.y },
      workgroups: grid(rows * heads * constants.WIDTH),
    },
  ];
}
