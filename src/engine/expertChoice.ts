// Which routed experts each token of a text is sent to. Decoding keeps nothing of it: the text is read once more, in one forward
// pass, when somebody wants to know.
import type { Routing } from '../graph/operations/experts';
import type { RouterShape } from '../kernels/moe/moeRoute';
import type { Weights } from '../model/weights';
import { lookInside } from './lookInside';
import type { Runtime } from './runtime';

/** What the router of one MoE layer chose; the shared experts see every token. */
export interface LayerChoice {
  readonly layer: number;
  readonly numExperts: number;
  readonly topK: number;
  readonly router: Pick<RouterShape, 'scoring' | 'isNormalized' | 'scale' | 'numGroups' | 'keptGroups'>;
  /** (N, E) how well each expert suits the token, before the bias. */
  readonly scores: Float32Array;
  /** (E) what the choice adds to the scores; empty where the router has no bias. */
  readonly bias: Float32Array;
  /** (N, K) index of each token's routed experts, best first. */
  readonly experts: Uint32Array;
  /** (N, K) what each counts for. */
  readonly weights: Float32Array;
}

/**
 * The choice for each token id of one text, by MoE layer in order of depth. Adds to the weights' load counts as any pass does.
 * @param ids at most as many as the model has positions.
 * @throws OutOfMemoryError or DeviceTooSmallError.
 */
export async function readExpertChoice(
  runtime: Runtime,
  weights: Weights,
  ids: readonly number[],
): Promise<LayerChoice[]> {
  if (weights.moeLayers.length === 0 || ids.length === 0) return [];
  const isBiased = ({ shape }: Routing) => shape.scoring === 'sigmoid';
  const { seen, further: biases } = await lookInside<Routing>(runtime, weights, ids, {
    label: 'ExpertChoice',
    hooks: (see) => ({ onRouting: (_, routing) => see(routing) }),
    tensorsOf: ({ experts, weights: shares, logits }) => [experts, shares, logits],
    further: (routings) =>
      routings.flatMap((one, i) => (isBiased(one) ? weights.biasRange(weights.moeLayers[i] as number) : [])),
  });
  const rest = [...biases];
  return seen.map(({ one, parts: [experts, shares, logits] }, i) => {
    const { shape } = one;
    const { numExperts, topK } = shape;
    const bias = isBiased(one) ? new Float32Array(rest.shift() as ArrayBuffer).slice(0, numExperts) : [];
    return {
      layer: weights.moeLayers[i] as number,
      numExperts,
      topK,
      router: shape,
      experts: new Uint32Array(experts as ArrayBuffer),
      weights: new Float32Array(shares as ArrayBuffer),
      scores: scoresOf(new Float32Array(logits as ArrayBuffer), shape),
      bias: Float32Array.from(bias),
    };
  });
}

/** The router's scores (N, E) of its logits, as its kernel makes them. */
function scoresOf(logits: Float32Array, { scoring, numExperts }: RouterShape): Float32Array {
  if (scoring === 'sigmoid') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const scores = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += numExperts) {
    const row = logits.subarray(start, start + numExperts);
    const largest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    scores.set(
      powers.map((power) => power / total),
      start,
    );
  }
  return scores;
}
