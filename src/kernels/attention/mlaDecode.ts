// Attention of MLA over the latent cache, with the up-projections absorbed: for one new token a row.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { inVectors } from '../layout/vectors';
import type { DecodeNorm } from '../matmul/decodeLinear';
import type { MlaShape } from './attention';
import { keyParts, MOST_NUMBERS } from './keyParts';

/**
 * Keys of all rows together that are so few that reading them for each head costs less than compiling for several, and
 * hardly more time.
 */
const FEW_KEYS = 512;

/** How many heads read a key together: a quad of invocations (`inQuads`), or one with as many as its registers hold. */
function headsTogether({ rows, maxKeys, heads, rank, rope }: MlaDecodeShape): { HEADS: number; inQuads: boolean } {
  const areMany = rows * maxKeys > FEW_KEYS;
  if (!areMany || heads % 4 === 0) return { HEADS: 1, inQuads: areMany };
  const numbers = (count: number) => count * (2 * rank + rope) + rank + rope;
  const HEADS = [3, 2].find((count) => heads % count === 0 && numbers(count) <= MOST_NUMBERS) ?? 1;
  return { HEADS, inQuads: false };
}

/** From so many heads of rows on, an invocation does more than one thing of a kind, so that less is read. */
const MANY_HEADS = 64;
const MOST_QUADS = 2;

export interface MlaDecodeShape extends MlaShape {
  readonly rank: number;
  /** The most keys that a row can have. */
  readonly maxKeys: number;
  /** Floats between rows of q. */
  readonly qStride: number;
  /** Floats between rows of kv, and before the first. */
  readonly kvStride: number;
  readonly kvOffset: number;
  readonly isInterleaved: boolean;
  /** Of the latent. */
  readonly norm: DecodeNorm;
  /** Where kv_b_proj starts among the parameters. */
  readonly at: number;
}

export interface MlaDecodeTensors<T> {
  readonly places: T;
  /** (B, H, nope+rope), as projected. */
  readonly q: T;
  /** (B, rank+rope), as projected. */
  readonly kv: T;
  readonly pool: T;
  /** (positions, rope/2) of (cos, sin). */
  readonly table: T;
  /** Rows of [c | k_rope]; the new token's is added. */
  readonly cache: T;
  /** Scratch: (B, H, rank+rope), (B, H, parts, rank), and (B, H, parts) twice, for keyParts(maxKeys) parts. */
  readonly query: T;
  readonly sums: T;
  readonly largests: T;
  readonly totals: T;
  /** (B, H, value) */
  readonly y: T;
}

/** The latent's norm and RoPE, the cache's new row, attention, and the values' up-projection: three dispatches. */
export function mlaDecode<T>(s: MlaDecodeShape, t: MlaDecodeTensors<T>): Dispatch<T>[] {
  const { rows, heads, nope, rope, value, rank } = s;
  const { places, pool, query, sums, largests, totals } = t;
  // Rows of a projection may be odd where the widths are not: with a low-rank query, say. Only this kernel reads them.
  const strides = { q_stride: s.qStride, kv_stride: s.kvStride, kv_offset: s.kvOffset };
  // Unless pairs are neighbours, a Vector's partners must fill another one.
  const half = s.isInterleaved ? 0 : rope / 2;
  const { constants, conditions } = inVectors({ nope, rope, value, rank, ...strides, half });
  const { half: _, ...widths } = constants;
  const perVector = conditions.vec4 ? 4 : 1;
  // Four rows read a weight once.
  const tile = rows > 1 ? 4 : 1;
  const isMany = rows * heads >= MANY_HEADS;
  const together = isMany ? rank / perVector : 1;
  const latents = inVectors({ rank });
  const BLOCK = (isMany ? [4, 2] : [2]).find((block) => latents.constants.rank % block === 0) ?? 1;
  const scores = inVectors({ ROPE: rope, RANK: rank });
  const parts = keyParts(s.maxKeys);
  const { HEADS, inQuads } = headsTogether(s);
  const invocations = (rows * heads * parts) / HEADS;
  // The few of a single row are spread over the processors.
  const GROUP = invocations <= 64 ? 16 : 64;
  const QUADS = isMany ? Math.min(Math.ceil(value / 4), MOST_QUADS) : 1;
  const valueTile = isMany ? 4 : 1;
  return [
    {
      label: 'MlaDecode.latent',
      kernel: {
        shader: 'decode_latent',
        constants: { TILE: tile },
        conditions: { ...conditions, interleaved: s.isInterleaved },
      },
      params: {
        rows,
        heads,
        ...widths,
        together,
        norm_at: s.norm.at,
        w_at: s.at,
        epsilon: s.norm.epsilon,
        scale: s.scale,
      },
      bindings: { places, q: t.q, kv: t.kv, pool, table: t.table, cache: t.cache, query },
      workgroups: grid(
        (Math.ceil(rows / tile) * heads * rank) / perVector +
          rows * ((heads + 1) * Math.ceil(rope / perVector / together) + Math.ceil(rank / perVector / together)),
      ),
    },
    {
      label: 'MlaDecode.attention',
      kernel: {
        shader: 'mla_decode',
        constants: { ...scores.constants, HEADS, GROUP },
        conditions: scores.conditions,
        ...(inQuads && scores.conditions.vec4 && { variant: 'subgroups' as const }),
      },
      params: { rows, heads, parts },
      bindings: { places, query, cache: t.cache, sums, largests, totals },
      workgroups: [Math.ceil(invocations / GROUP), 1, 1],
    },
    {
      label: 'MlaDecode.value',
      kernel: {
        shader: 'decode_value',
        constants: { BLOCK, TILE: valueTile, QUADS },
        conditions: latents.conditions,
      },
      params: { rows, heads, parts, nope, value, ...latents.constants, w_at: s.at },
      bindings: { places, sums, largests, totals, pool, y: t.y },
      workgroups: grid(Math.ceil(rows / valueTile) * heads * Math.ceil(value / (4 * QUADS))),
    },
  ];
}
