// One decoding step of grouped-query attention over a cache of keys and values.
import { addScaled, at, dot, logSumExp, type Numbers } from './array';
import type { GroupedShape } from './groupedAttention';

export interface GroupedDecodeInputs {
  /** (B, H, width), already rotated: one new token a row. */
  readonly q: Numbers;
  /** (P, KV, width), already rotated, and (P, KV, width). */
  readonly k: Numbers;
  readonly v: Numbers;
  /** For each row, the cached places it attends to, its own new token among them. */
  readonly places: readonly Numbers[];
  readonly scale: number;
}

/** → out (B, H, width): what groupedAttention gives for the same tokens. */
export function groupedDecode({ q, k, v, places, scale }: GroupedDecodeInputs, shape: GroupedShape): Float64Array {
  const { heads, kvHeads, width } = shape;
  const out = new Float64Array(places.length * heads * width);
  places.forEach((attended, row) => {
    for (let head = 0; head < heads; head++) {
      const queryAt = (row * heads + head) * width;
      const keyAt = (place: number) => (place * kvHeads + Math.floor((head * kvHeads) / heads)) * width;
      const scores = Float64Array.from(attended, (place) => dot(q, queryAt, k, keyAt(place), width) * scale);
      const norm = logSumExp(scores);
      scores.forEach((score, i) => {
        addScaled(out, queryAt, Math.exp(score - norm), v, keyAt(at(attended, i)), width);
      });
    }
  });
  return out;
}
