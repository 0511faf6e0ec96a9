// Causal grouped-query attention (Ainslie et al., arXiv 2305.13245): each head of keys and values serves as many
// neighbouring query heads as the others; all of them or one are multi-head and multi-query attention. Sequences are
// packed one after the other.
import { addScaled, at, dot, logSumExp, type Numbers } from './array';

export interface GroupedShape {
  readonly heads: number;
  readonly kvHeads: number;
  /** Width of a head. */
  readonly width: number;
}

export interface GroupedInputs {
  /** (N, H, width), already rotated. */
  readonly q: Numbers;
  /** (N, KV, width), already rotated. */
  readonly k: Numbers;
  /** (N, KV, width). */
  readonly v: Numbers;
  /** (N): index of the first token of n's sequence. */
  readonly sequenceStart: Numbers;
  readonly scale: number;
  /** Tokens that n attends to at most: n − window + 1 … n. Infinity: all since its sequence started. */
  readonly window: number;
}

/** What one head of one token attends to: the first token, and the softmax of its scores with that and the following ones. */
export function probabilities(inputs: GroupedInputs, shape: GroupedShape, n: number, head: number) {
  const { heads, kvHeads, width } = shape;
  const first = Math.max(at(inputs.sequenceStart, n), n - inputs.window + 1);
  const kvHead = Math.floor(head / (heads / kvHeads));
  const keyAt = (i: number) => ((first + i) * kvHeads + kvHead) * width;
  const scores = Float64Array.from(
    { length: n - first + 1 },
    (_, i) => dot(inputs.q, (n * heads + head) * width, inputs.k, keyAt(i), width) * inputs.scale,
  );
  const norm = logSumExp(scores);
  return { keyAt, norm, p: scores.map((score) => Math.exp(score - norm)) };
}

/** → out (N, H, width) and the scores' logSumExp (N, H). */
export function groupedAttention(
  inputs: GroupedInputs,
  shape: GroupedShape,
): { out: Float64Array; logSumExp: Float64Array } {
  const { heads, width } = shape;
  const numTokens = inputs.sequenceStart.length;
  const out = new Float64Array(numTokens * heads * width);
  const lse = new Float64Array(numTokens * heads);
  for (let row = 0; row < numTokens * heads; row++) {
    const { p, norm, keyAt } = probabilities(inputs, shape, Math.floor(row / heads), row % heads);
    lse[row] = norm;
    for (let i = 0; i < p.length; i++) addScaled(out, row * width, at(p, i), inputs.v, keyAt(i), width);
  }
  return { out, logSumExp: lse };
}

/** dOut (N, H, width) → dq, dk and dv in the shapes of q, k and v. */
export function groupedAttentionBackward(
  dOut: Numbers,
  inputs: GroupedInputs,
  shape: GroupedShape,
): { dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const { heads, width } = shape;
  const { q, k, v, scale, sequenceStart } = inputs;
  const [dq, dk, dv] = [q, k, v].map((x) => new Float64Array(x.length)) as [Float64Array, Float64Array, Float64Array];
  for (let row = 0; row < sequenceStart.length * heads; row++) {
    const { p, keyAt } = probabilities(inputs, shape, Math.floor(row / heads), row % heads);
    const dp = p.map((_, i) => dot(dOut, row * width, v, keyAt(i), width));
    const mean = dot(p, 0, dp, 0, p.length);
    for (let i = 0; i < p.length; i++) {
      const dScore = at(p, i) * (at(dp, i) - mean) * scale;
      addScaled(dq, row * width, dScore, k, keyAt(i), width);
      addScaled(dk, keyAt(i), dScore, q, row * width, width);
      addScaled(dv, keyAt(i), at(p, i), dOut, row * width, width);
    }
  }
  return { dq, dk, dv };
}
