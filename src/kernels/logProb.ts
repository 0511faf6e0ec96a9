// Log-probability and entropy of softmax(logits / temperature), their gradient, and the likelihood loss.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';

export interface LogProbShape {
  readonly rows: number;
  readonly vocabulary: number;
  readonly temperature: number;
}

function params(s: LogProbShape) {
  return { rows: s.rows, vocabulary: s.vocabulary, inverse_temperature: 1 / s.temperature };
}

/** logits (N, V), targets (N) → log_prob, entropy, log_sum_exp (N). */
export function logProb<T>(
  s: LogProbShape,
  bindings: { logits: T; targets: T; log_prob: T; entropy: T; log_sum_exp: T },
): Dispatch<T> {
  return {
    label: 'LogProb.forward',
    kernel: { shader: 'log_prob' },
    params: params(s),
    bindings,
    workgroups: grid(s.rows),
  };
}

/** d_logits (N, V) from slopes (N) of (dLoss/dlogp, dLoss/dentropy). */
export function logProbBackward<T>(
  s: LogProbShape,
  bindings: { logits: T; targets: T; log_sum_exp: T; entropy: T; slopes: T; d_logits: T },
): Dispatch<T> {
  return {
    label: 'LogProb.backward',
    kernel: { shader: 'log_prob_backward' },
    params: params(s),
    bindings,
    workgroups: grid(s.rows * s.vocabulary),
  };
}

/** loss = −Σ weights·log_prob: slopes (N, 2) and the N terms. */
export function likelihoodLoss<T>(
  rows: number,
  bindings: { log_prob: T; weights: T; slopes: T; terms: T },
): Dispatch<T> {
  return {
    label: 'LikelihoodLoss.slopes',
    kernel: { shader: 'likelihood_loss' },
    params: { rows },
    bindings,
    workgroups: grid(rows),
  };
}
