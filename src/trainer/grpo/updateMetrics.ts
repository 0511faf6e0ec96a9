// The loss and TRL's metrics of one optimizer step, from the sums by rollout that the device gives.
import type { GrpoSums } from '../../kernels/loss/grpoLoss';
import { LOSS_TYPES } from '../objectives/lossTypes';
import type { LossOptions } from './lossWeights';

export interface GrpoUpdateResult {
  readonly loss: number;
  /** Under TRL's names. */
  readonly metrics: Record<string, number>;
  /** Mean of the tokens that the entropy bonus acts on, in nats. */
  readonly bonusEntropy: number;
}

/**
 * @param lengths tokens that count, by rollout; 0 for one that is masked.
 * @param isFresh the weights are still those that sampled, so that trainer and sampler can be compared.
 */
export function summarize(
  sums: readonly GrpoSums[],
  lengths: readonly number[],
  options: LossOptions,
  isFresh: boolean,
): GrpoUpdateResult {
  const total = Math.max(
    1,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  const add = (key: keyof GrpoSums) => sums.reduce((sum, s, i) => sum + (lengths[i] ? s[key] : 0), 0);
  const loss = add('loss');
  const entropy = add('entropy') / total;
  const metrics: Record<string, number> = { loss, entropy };
  if (options.beta > 0) metrics.kl = add('kl') / total;
  const bonusEntropy = add('undecidedEntropy') / Math.max(1, add('undecided'));
  if (options.entropy_coef !== 0 || options.use_adaptive_entropy) {
    metrics.policy_loss = loss + options.entropy_coef * bonusEntropy;
    metrics.entropy_coef = options.entropy_coef;
  }
  if (isFresh) {
    metrics['sampling/sampling_logp_difference/mean'] = add('samplingDifference') / total;
    metrics['sampling/sampling_logp_difference/max'] = Math.max(
      0,
      ...sums.map((s, i) => (lengths[i] ? s.samplingDifferenceMax : 0)),
    );
  }
  Object.assign(metrics, clipMetrics(sums, lengths, options, total));
  return { loss, metrics, bonusEntropy };
}

function clipMetrics(
  sums: readonly GrpoSums[],
  lengths: readonly number[],
  options: LossOptions,
  totalTokens: number,
): Record<string, number> {
  const { clipping } = LOSS_TYPES[options.loss_type];
  if (!clipping) return {};
  // A masked sequence has the weight of one on which nothing has changed, and TRL counts it in.
  if (clipping === 'weight')
    return { 'vespo/phi_seq_mean': sums.reduce((sum, { gamma }) => sum + gamma, 0) / Math.max(1, sums.length) };
  const isSequenceLevel = options.importance_sampling_level === 'sequence';
  // At sequence level there is one ratio a sequence, and TRL averages over sequences, whatever their length or mask.
  const shares = (key: 'clippedLow' | 'clippedHigh') =>
    sums.map((s, i) => {
      const length = lengths[i] as number;
      if (isSequenceLevel) return length > 0 && s[key] > 0 ? 1 : 0;
      return length > 0 ? s[key] / length : Number.NaN;
    });
  const mean = (key: 'clippedLow' | 'clippedHigh') => {
    if (isSequenceLevel) return shares(key).reduce((sum, share) => sum + share, 0) / Math.max(1, sums.length);
    return sums.reduce((sum, s, i) => sum + (lengths[i] ? s[key] : 0), 0) / totalTokens;
  };
  if (clipping === 'cap') return { cispo_clip_ratio: mean('clippedHigh') };
  clipping satisfies 'region';
  const low = shares('clippedLow').filter((share) => !Number.isNaN(share));
  const high = shares('clippedHigh').filter((share) => !Number.isNaN(share));
  return {
    'clip_ratio/low_mean': mean('clippedLow'),
    'clip_ratio/high_mean': mean('clippedHigh'),
    'clip_ratio/region_mean': mean('clippedLow') + mean('clippedHigh'),
    ...(low.length > 0 && { 'clip_ratio/low_min': Math.min(...low), 'clip_ratio/high_max': Math.max(...high) }),
  };
}
