// Log-probability and entropy of softmax(logits / temperature), their gradient, and the likelihood loss.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { rowReductionKernel } from '../layout/rowReduction';

export interface LogProbShape {
  readonly rows: number;
  readonly vocabulary: number;
  readonly temperature: number;
  /** The columns of the vocabulary whose logits are at hand; all of them if left out. */
  readonly chunk?: Chunk;
}

/** Columns `first` … `first + columns` of a vocabulary. */
export interface Chunk {
  readonly first: number;
  readonly columns: number;
}

function chunkOf({ chunk, vocabulary }: LogProbShape): Chunk {
  return chunk ?? { first: 0, columns: vocabulary };
}

/**
 * logits (N, C), targets (N) → log_prob, entropy, log_sum_exp (N). With the logits in chunks, one dispatch a chunk, in order;
 * running (N, 4) carries what is known so far from one to the next, and the results are there after the last.
 */
export function logProb<T>(
  s: LogProbShape,
  bindings: { logits: T; targets: T; log_prob: T; entropy: T; log_sum_exp: T; running?: T | undefined },
): Dispatch<T> {
  const { running, ...rest } = bindings;
  const { first, columns } = chunkOf(s);
  return {
    label: 'LogProb.forward',
    ...rowReductionKernel({ shader: 'log_prob', conditions: { chunked: running !== undefined } }, s.rows, columns),
    params: {
      rows: s.rows,
      columns,
      first,
      is_last: first + columns === s.vocabulary ? 1 : 0,
      inverse_temperature: 1 / s.temperature,
    },
    bindings: { ...rest, ...(running !== undefined && { running }) },
  };
}

/** Puts d_logits in the place of logits (N, C), from slopes (N) of (dLoss/dlogp, dLoss/dentropy). */
export function logProbBackward<T>(
  s: LogProbShape,
  bindings: { logits: T; targets: T; log_sum_exp: T; entropy: T; slopes: T },
): Dispatch<T> {
  const { first, columns } = chunkOf(s);
  return {
    label: 'LogProb.backward',
    kernel: { shader: 'log_prob_backward' },
    params: { rows: s.rows, columns, first, inverse_temperature: 1 / s.temperature },
    bindings,
    workgroups: grid(s.rows * columns),
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
