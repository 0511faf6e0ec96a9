// How a loss_type averages over the tokens of a mini-batch. Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
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
 * @param lengths tokens that count, by rollout.
 * @param numItemsInBatch tokens that count in the whole generation. dapo and cispo divide by this mini-batch's even
 * share of them, so that a token weighs the same in whichever mini-batch it falls.
 */
export function tokenWeights(lengths: readonly number[], numItemsInBatch: number, options: LossOptions): number[] {
  switch (options.loss_type) {
    case 'grpo':
      return lengths.map((length) => 1 / (Math.max(length, 1) * lengths.length));
    case 'dr_grpo':
      return lengths.map(() => 1 / (lengths.length * options.max_completion_length));
    case 'bnpo': {
      const own = lengths.reduce((sum, length) => sum + length, 0);
      return lengths.map(() => 1 / Math.max(1, own));
    }
    case 'dapo':
    case 'cispo':
      return lengths.map(() => options.steps_per_generation / Math.max(1, numItemsInBatch));
  }
}
