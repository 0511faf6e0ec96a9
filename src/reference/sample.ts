// Choosing the next token: temperature, then top-k, then top-p, then min-p, then a draw among the survivors (the order of
// transformers' logits warpers). Whether a token survives depends on the tokens likelier than itself alone, so equals share
// one fate.
import { at, logSumExp, type Numbers } from './array';

export interface SampleOptions {
  readonly temperature: number;
  /** 0 keeps every token. */
  readonly topK: number;
  /** 1 keeps every token. */
  readonly topP: number;
  /** Of the likeliest token's probability: what is less likely does not survive. */
  readonly minP?: number;
}

/**
 * Which tokens of logits (V) may be drawn: those with fewer than topK likelier ones, and of these the ones whose likelier
 * ones hold less than topP of what top-k left. At least one token always survives.
 */
export function survivors(logits: Numbers, { temperature, topK, topP, minP = 0 }: SampleOptions): boolean[] {
  const tokens = Array.from(logits, (_, v) => v);
  const likelier = (v: number, among: number[]) => among.filter((other) => at(logits, other) > at(logits, v));
  const best = Math.max(...Array.from(logits));
  const isLikely = (v: number) => Math.exp((at(logits, v) - best) / temperature) >= minP;
  const kept = topK > 0 ? tokens.filter((v) => likelier(v, tokens).length < topK) : tokens;
  if (topP >= 1) return tokens.map((v) => kept.includes(v) && isLikely(v));
  const norm = logSumExp(kept.map((v) => at(logits, v) / temperature));
  const mass = (among: number[]) => among.reduce((total, v) => total + Math.exp(at(logits, v) / temperature - norm), 0);
  return tokens.map((v) => kept.includes(v) && mass(likelier(v, kept)) < topP && isLikely(v));
}

/** The token drawn from logits (V): the first survivor, in order of index, whose cumulative probability reaches `uniform`. */
export function sample(logits: Numbers, uniform: number, options: SampleOptions): number {
  const allowed = survivors(logits, options).flatMap((survives, v) => (survives ? [v] : []));
  const norm = logSumExp(allowed.map((v) => at(logits, v) / options.temperature));
  let cumulative = 0;
  for (const v of allowed) {
    cumulative += Math.exp(at(logits, v) / options.temperature - norm);
    if (cumulative >= uniform) return v;
  }
  return at(allowed, allowed.length - 1); // rounding left the sum a little short of 1
}
