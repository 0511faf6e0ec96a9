// One decoding step of multi-head latent attention from the compressed cache: kv_b_proj is absorbed into the query and the
// output, so a cached token is its latent and its rotary key, and nothing is expanded (DeepSeek-V2, arXiv 2405.04434, §2.1.2).
import { addScaled, at, dot, logSumExp, type Numbers } from './array';
import type { MlaShape } from './mlaAttention';

export interface MlaDecodeInputs {
  /** (B, H, dn + dr), already rotated: one new token a row. */
  readonly q: Numbers;
  /** kv_b_proj (H · (dn + dv), r): per head [key | value] rows. */
  readonly kvB: Numbers;
  /** (P, r): latents after their norm. */
  readonly latent: Numbers;
  /** (P, dr): rotary keys, already rotated. */
  readonly kpe: Numbers;
  /** For each row, the cached places it attends to, its own new token among them. */
  readonly places: readonly Numbers[];
  readonly scale: number;
}

/** → out (B, H, dv): what mlaAttention gives for the same tokens in their expanded form. */
export function mlaDecode(inputs: MlaDecodeInputs, shape: MlaShape, latentDim: number): Float64Array {
  const { heads, nopeDim, ropeDim, valueDim } = shape;
  const { q, kvB, latent, kpe, places, scale } = inputs;
  const out = new Float64Array(places.length * heads * valueDim);
  places.forEach((attended, row) => {
    for (let head = 0; head < heads; head++) {
      const queryAt = (row * heads + head) * (nopeDim + ropeDim);
      const keyRow = head * (nopeDim + valueDim);
      const query = new Float64Array(latentDim); // the query as the latent sees it: q_nope · W_k
      for (let i = 0; i < nopeDim; i++)
        addScaled(query, 0, at(q, queryAt + i), kvB, (keyRow + i) * latentDim, latentDim);
      const s = Float64Array.from(attended, (place) => {
        const position = dot(q, queryAt + nopeDim, kpe, place * ropeDim, ropeDim);
        return (dot(query, 0, latent, place * latentDim, latentDim) + position) * scale;
      });
      const norm = logSumExp(s);
      const mixed = new Float64Array(latentDim); // P · latents
      s.forEach((score, i) => {
        addScaled(mixed, 0, Math.exp(score - norm), latent, at(attended, i) * latentDim, latentDim);
      });
      for (let i = 0; i < valueDim; i++) {
        const valueRow = keyRow + nopeDim + i;
        out[(row * heads + head) * valueDim + i] = dot(kvB, valueRow * latentDim, mixed, 0, latentDim);
      }
    }
  });
  return out;
}
