// How the loss of a language model falls with its size and its data, and what follows for a budget of computing.
// Hoffmann et al., "Training Compute-Optimal Large Language Models" (Chinchilla), arXiv 2203.15556, approach 3; data that is
// repeated: Muennighoff et al., "Scaling Data-Constrained Language Models", arXiv 2305.16264.

/** L(N, D) = E + A / N^α + B / D^β, in nats a token. */
export interface ScalingLaw {
  /** What no size and no data would take away. */
  readonly E: number;
  readonly A: number;
  readonly alpha: number;
  readonly B: number;
  readonly beta: number;
}

/** What Chinchilla's fit was, on web text of 70 M to 16 B parameters (equation 10 there). */
export const CHINCHILLA: ScalingLaw = { E: 1.69, A: 406.4, alpha: 0.34, B: 410.7, beta: 0.28 };
/** Kaplan et al., arXiv 2001.08361: N grows with this power of the computing. */
export const KAPLAN_EXPONENT = 0.73;
/** R*_D of Muennighoff et al. */
export const MUENNIGHOFF_REPEATS = 15.39;

/** One training and what came of it. */
export interface TrainedPoint {
  /** N, all of them. */
  readonly parameters: number;
  /** D: tokens trained on, repeated ones counted each time. */
  readonly tokens: number;
  /** U: tokens that differ; as `tokens` where nothing is repeated. */
  readonly uniqueTokens: number;
  /** On held-out texts, in nats a token. */
  readonly loss: number;
}

export const predictedLoss = ({ E, A, alpha, B, beta }: ScalingLaw, parameters: number, tokens: number): number =>
  E + A / parameters ** alpha + B / tokens ** beta;

/** C ≈ 6 N D: floating-point operations of a training (Kaplan et al., section 2.1). */
export const flopsOf = (parameters: number, tokens: number): number => 6 * parameters * tokens;

/**
 * What tokens that are seen R times more after the first time are worth, as so many new ones: U + U R* (1 − e^(−R/R*)).
 * @param halving R*: about after so many repeats a repeated token is worth little.
 */
export function effectiveTokens(tokens: number, uniqueTokens: number, halving: number): number {
  const unique = Math.min(tokens, uniqueTokens);
  const repeats = tokens / unique - 1;
  return unique + unique * halving * -Math.expm1(-repeats / halving);
}

/** a in N_opt ∝ C^a; the data grow with C^(1 − a). */
export const sizeExponent = ({ alpha, beta }: ScalingLaw): number => beta / (alpha + beta);

/** The size and the data that make the least loss of so many floating-point operations (equation 4 there). */
export function optimalFor(law: ScalingLaw, flops: number): { readonly parameters: number; readonly tokens: number } {
  const { A, alpha, B, beta } = law;
  const factor = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta));
  const parameters = factor * (flops / 6) ** sizeExponent(law);
  return { parameters, tokens: flops / 6 / parameters };
}
