// Causal multi-head latent attention in its expanded form (DeepSeek-V2, arXiv 2405.04434): each head has its own key and
// value, expanded from the latent, and all heads share one rotary key. Sequences are packed one after the other.
import { addScaled, at, dot, logSumExp, type Numbers } from './array';

export interface MlaShape {
  readonly heads: number;
  /** dn: width of the part of query and key that is not rotated. */
  readonly nopeDim: number;
  /** dr: width of the rotated part. */
  readonly ropeDim: number;
  /** dv: width of a value. */
  readonly valueDim: number;
}

export interface MlaInputs {
  /** (N, H, dn + dr), already rotated. */
  readonly q: Numbers;
  /** (N, H, dn + dv): per head [key | value]. */
  readonly kv: Numbers;
  /** (N, dr), already rotated, shared by the heads. */
  readonly kpe: Numbers;
  /** (N): index of the first token of n's sequence. Token n attends to sequenceStart[n] … n. */
  readonly sequenceStart: Numbers;
  readonly scale: number;
}

/** What token n's head compares with every token it attends to: products by content and by position, not scaled yet. */
export function mlaProducts(inputs: MlaInputs, shape: MlaShape, n: number, head: number) {
  const { heads, nopeDim, ropeDim, valueDim } = shape;
  const start = at(inputs.sequenceStart, n);
  const q = (n * heads + head) * (nopeDim + ropeDim);
  return Array.from({ length: n - start + 1 }, (_, i) => {
    const k = ((start + i) * heads + head) * (nopeDim + valueDim);
    return {
      content: dot(inputs.q, q, inputs.kv, k, nopeDim),
      position: dot(inputs.q, q + nopeDim, inputs.kpe, (start + i) * ropeDim, ropeDim),
    };
  });
}

/** Scaled scores of token n's head with every token it attends to. */
function scores(inputs: MlaInputs, shape: MlaShape, n: number, head: number): Float64Array {
  const products = mlaProducts(inputs, shape, n, head);
  return Float64Array.from(products, ({ content, position }) => (content + position) * inputs.scale);
}

/** → out (N, H, dv) and the scores' logSumExp (N, H), which is all that a backward pass needs to find them again. */
export function mlaAttention(inputs: MlaInputs, shape: MlaShape): { out: Float64Array; logSumExp: Float64Array } {
  const { heads, nopeDim, valueDim } = shape;
  const numTokens = inputs.sequenceStart.length;
  const out = new Float64Array(numTokens * heads * valueDim);
  const lse = new Float64Array(numTokens * heads);
  for (let n = 0; n < numTokens; n++) {
    const start = at(inputs.sequenceStart, n);
    for (let head = 0; head < heads; head++) {
      const row = n * heads + head;
      const s = scores(inputs, shape, n, head);
      const norm = logSumExp(s);
      lse[row] = norm;
      for (let i = 0; i < s.length; i++) {
        const value = ((start + i) * heads + head) * (nopeDim + valueDim) + nopeDim;
        addScaled(out, row * valueDim, Math.exp(at(s, i) - norm), inputs.kv, value, valueDim);
      }
    }
  }
  return { out, logSumExp: lse };
}

/** dOut (N, H, dv) → dq, dkv and dkpe in the shapes of q, kv and kpe. */
export function mlaAttentionBackward(
  dOut: Numbers,
  inputs: MlaInputs,
  shape: MlaShape,
): { dq: Float64Array; dkv: Float64Array; dkpe: Float64Array } {
  const { heads, nopeDim, ropeDim, valueDim } = shape;
  const { q, kv, kpe, sequenceStart, scale } = inputs;
  const dq = new Float64Array(q.length);
  const dkv = new Float64Array(kv.length);
  const dkpe = new Float64Array(kpe.length);
  for (let n = 0; n < sequenceStart.length; n++) {
    const start = at(sequenceStart, n);
    for (let head = 0; head < heads; head++) {
      const s = scores(inputs, shape, n, head);
      const norm = logSumExp(s);
      const p = s.map((score) => Math.exp(score - norm));
      const dOutAt = (n * heads + head) * valueDim;
      const keyAt = (i: number) => ((start + i) * heads + head) * (nopeDim + valueDim);
      const dp = p.map((_, i) => dot(dOut, dOutAt, kv, keyAt(i) + nopeDim, valueDim));
      const mean = dot(p, 0, dp, 0, p.length);
      const queryAt = (n * heads + head) * (nopeDim + ropeDim);
      for (let i = 0; i < p.length; i++) {
        const ds = at(p, i) * (at(dp, i) - mean) * scale;
        const kpeAt = (start + i) * ropeDim;
        addScaled(dq, queryAt, ds, kv, keyAt(i), nopeDim);
        addScaled(dq, queryAt + nopeDim, ds, kpe, kpeAt, ropeDim);
        addScaled(dkv, keyAt(i), ds, q, queryAt, nopeDim);
        addScaled(dkpe, kpeAt, ds, q, queryAt + nopeDim, ropeDim);
        addScaled(dkv, keyAt(i) + nopeDim, at(p, i), dOut, dOutAt, valueDim);
      }
    }
  }
  return { dq, dkv, dkpe };
}
