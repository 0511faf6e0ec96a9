// Log-probability of a given token and entropy of the whole distribution, at a temperature: z = logits / T,
// logp = z_target − logSumExp(z), entropy = logSumExp(z) − Σ softmax(z) · z. The seam to every objective.
import { at, dot, logSumExp, type Numbers } from './array';

export interface LogProbs {
  /** (N): natural logarithm of the target's probability. */
  readonly logp: Float64Array;
  /** (N): nats. */
  readonly entropy: Float64Array;
  /** (N): logSumExp of logits / T. */
  readonly logSumExp: Float64Array;
}

function scaledRow(logits: Numbers, row: number, width: number, temperature: number): Float64Array {
  return Float64Array.from({ length: width }, (_, v) => at(logits, row * width + v) / temperature);
}

/** logits (N, V), targets (N) → logp, entropy and logSumExp. */
export function logProb(logits: Numbers, targets: Numbers, temperature: number): LogProbs {
  const numTokens = targets.length;
  const width = logits.length / numTokens;
  const logp = new Float64Array(numTokens);
  const entropy = new Float64Array(numTokens);
  const norms = new Float64Array(numTokens);
  for (let n = 0; n < numTokens; n++) {
    const z = scaledRow(logits, n, width, temperature);
    const norm = logSumExp(z);
    const p = z.map((value) => Math.exp(value - norm));
    logp[n] = at(z, at(targets, n)) - norm;
    entropy[n] = norm - dot(p, 0, z, 0, width);
    norms[n] = norm;
  }
  return { logp, entropy, logSumExp: norms };
}

/** dLogp (N), dEntropy (N) → dLogits (N, V): ∂logp/∂z_v = [v = target] − p_v, ∂entropy/∂z_v = −p_v (log p_v + entropy). */
export function logProbBackward(
  dLogp: Numbers,
  dEntropy: Numbers,
  logits: Numbers,
  targets: Numbers,
  temperature: number,
): Float64Array {
  const width = logits.length / targets.length;
  const { entropy, logSumExp: norms } = logProb(logits, targets, temperature);
  const dLogits = new Float64Array(logits.length);
  for (let n = 0; n < targets.length; n++) {
    for (let v = 0; v < width; v++) {
      const logP = at(logits, n * width + v) / temperature - at(norms, n);
      const p = Math.exp(logP);
      const target = v === at(targets, n) ? 1 : 0;
      const dz = at(dLogp, n) * (target - p) - at(dEntropy, n) * p * (logP + at(entropy, n));
      dLogits[n * width + v] = dz / temperature;
    }
  }
  return dLogits;
}
