// How a loss_type averages over the tokens of a mini-batch.

import { LOSS_TYPES, type TermOptions } from '../objectives/lossTypes';
import type { GrpoConfig } from './grpoConfig';

/** The options that the loss looks at. */
export type LossOptions = Pick<
  GrpoConfig,
  | 'loss_type'
  | 'importance_sampling_level'
  | 'epsilon'
  | 'epsilon_high'
  | 'delta'
  | 'beta'
  | 'use_bias_correction_kl'
  | 'entropy_coef'
  | 'use_adaptive_entropy'
  | 'top_entropy_quantile'
  | 'off_policy_mask_threshold'
  | keyof TermOptions
  | 'max_completion_length'
  | 'steps_per_generation'
>;

/** Tokens that count, of rollouts of which some are masked (TRL's num_items_in_batch where they are a generation's). */
export function numItems(
  rollouts: readonly { readonly completion: ArrayLike<number>; readonly isMasked: boolean }[],
): number {
  return rollouts.reduce((sum, { completion, isMasked }) => sum + (isMasked ? 0 : completion.length), 0);
}

/**
 * What one token's loss is multiplied by, for each rollout of a mini-batch.
 * @param lengths tokens that count, by rollout. @param numItemsInBatch tokens that count in the whole generation.
 */
export function tokenWeights(lengths: readonly number[], numItemsInBatch: number, options: LossOptions): number[] {
  return LOSS_TYPES[options.loss_type].weights({ ...options, lengths, numItemsInBatch });
}
