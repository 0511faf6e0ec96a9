// Reverse KL divergence from a teacher's distribution at every row, and its gradient in the student's logits.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import type { LogProbShape } from './logProb';

function params(s: LogProbShape) {
  return { rows: s.rows, vocabulary: s.vocabulary, inverse_temperature: 1 / s.temperature };
}

/** logits, teacher (N, V), weights (N) → kl and terms (N), norms (N, 2). Rows of weight 0 give 0. */
export function klLoss<T>(
  s: LogProbShape,
  bindings: { logits: T; teacher: T; weights: T; kl: T; norms: T; terms: T },
): Dispatch<T> {
  return {
    label: 'KlLoss.forward',
    kernel: { shader: 'kl_loss' },
    params: params(s),
    bindings,
    workgroups: grid(s.rows),
  };
}

/** d_logits (N, V) of Σ weights·kl. */
export function klLossBackward<T>(
  s: LogProbShape,
  bindings: { logits: T; teacher: T; weights: T; kl: T; norms: T; d_logits: T },
): Dispatch<T> {
  return {
    label: 'KlLoss.backward',
    kernel: { shader: 'kl_loss_backward' },
    params: params(s),
    bindings,
    workgroups: grid(s.rows * s.vocabulary),
  };
}
