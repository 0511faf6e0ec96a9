// Choosing the next token: temperature, then top-k, then top-p, then a draw among the survivors (the order and the rules of
// transformers' logits warpers). Drawing is Gumbel-max: the largest logit / T − log(−log u), one uniform a token.
import { at, largest, logSumExp, type Numbers } from './array';

export interface SampleOptions {
  readonly temperature: number;
  /** 0 keeps every token. */
  readonly topK: number;
  /** 1 keeps every token. */
  readonly topP: number;
}

/** Which tokens of logits (V) may be drawn. Tokens that tie with the k-th all stay; at least one token always stays. */
export function survivors(logits: Numbers, { temperature, topK, topP }: SampleOptions): boolean[] {
  const order = largest(logits, 0, logits.length, logits.length);
  const smallest = topK > 0 ? at(logits, at(order, Math.min(topK, order.length) - 1)) : -Infinity;
  const kept = order.filter((v) => at(logits, v) >= smallest);
  const z = kept.map((v) => at(logits, v) / temperature);
  const norm = logSumExp(z);
  const survives = new Array<boolean>(logits.length).fill(false);
  let before = 0; // probability of the likelier tokens
  kept.forEach((v, i) => {
    if (i === 0 || topP >= 1 || before < topP) survives[v] = true;
    before += Math.exp(at(z, i) - norm);
  });
  return survives;
}

/** The token drawn from logits (V), given one uniform in (0, 1) a token. */
export function sample(logits: Numbers, uniforms: Numbers, options: SampleOptions): number {
  const gumbel = survivors(logits, options).map((survives, v) =>
    survives ? at(logits, v) / options.temperature - Math.log(-Math.log(at(uniforms, v))) : -Infinity,
  );
  return at(largest(gumbel, 0, gumbel.length, 1), 0);
}
