// Options of a GRPO run that are good each by itself and not together, as TRL's GRPOConfig and GRPOTrainer judge them.
import { SoliloquyError } from '../../lib/errors';
import { precisionOf } from '../../model/precision';
import { LOSS_TYPES } from '../objectives/lossTypes';
import type { GrpoConfig, GrpoOptions } from './grpoConfig';

/** Options that do not go together. */
export class GrpoConfigError extends SoliloquyError {
  readonly code = 'bad_grpo_config';
}

/**
 * Throws GrpoConfigError unless the answers of a generation can be cut into mini-batches of one size, and unless a reference that
 * is to be renewed is kept; PrecisionError where two precisions are asked for.
 */
export function checkGrpoConfig(config: GrpoConfig): void {
  checkMiniBatches(config);
  precisionOf(config);
  checkEntropyBounds(config);
  if (!config.sync_ref_model || config.beta !== 0) return;
  throw new GrpoConfigError(
    'sync_ref_model renews a reference model, but with beta 0 none is kept.',
    'Set sync_ref_model to false, or beta to more than 0.',
  );
}

function checkMiniBatches({ num_prompts, num_generations, steps_per_generation: parts }: GrpoConfig): void {
  const rollouts = num_prompts * num_generations;
  if (rollouts % parts === 0) return;
  const divisors = Array.from({ length: rollouts }, (_, i) => i + 1).filter((n) => rollouts % n === 0);
  const nearest = [divisors.findLast((n) => n < parts), divisors.find((n) => n > parts)].filter((n) => n !== undefined);
  throw new GrpoConfigError(
    `A generation of ${rollouts} answers (num_prompts ${num_prompts} × num_generations ${num_generations}) cannot be cut into ` +
      `${parts} mini-batches of one size (steps_per_generation).`,
    `Set steps_per_generation to ${nearest.join(' or ')}, or change how many answers there are.`,
  );
}

function checkEntropyBounds({ entropy_coef_min: least, entropy_coef_max: most }: GrpoConfig): void {
  if (least <= most) return;
  throw new GrpoConfigError(
    `entropy_coef_min ${least} is above entropy_coef_max ${most}.`,
    'Set entropy_coef_min to at most entropy_coef_max.',
  );
}

/** Weights that TRL has in a list, by the names of a preset's rewards. */
export function weightsByName(list: readonly unknown[], { reward_weights }: GrpoOptions): Record<string, unknown> {
  const names = Object.keys(reward_weights ?? { accuracy: 1, format: 0.1 });
  return Object.fromEntries(names.map((name, i) => [name, list[i] ?? 0]));
}

/** What goes together and is seldom meant. */
export type GrpoWarning =
  /** One ratio an answer, and a loss that sums over tokens: an answer weighs as it is long (TRL warns of it, too). */
  | 'sequenceLevelTokenSum'
  /** luspo with a ratio of each token: it is meant for one ratio an answer (TRL warns of it, too). */
  | 'luspoTokenLevel'
  /** vespo weighs whole answers by itself; the level then changes the KL's correction alone (TRL warns of it, too). */
  | 'vespoSequenceLevel'
  /** top_p, top_k or min_p: answers are drawn from less than the vocabulary that the loss looks at. */
  | 'cutSampling';

/** What a person who sets these options should know. */
export function grpoWarnings(config: GrpoConfig): GrpoWarning[] {
  const { importance_sampling_level, loss_type, top_p, top_k, min_p } = config;
  const isSequenceLevel = importance_sampling_level === 'sequence';
  return [
    ...(loss_type === 'luspo' && !isSequenceLevel ? (['luspoTokenLevel'] as const) : []),
    ...(loss_type === 'vespo' && isSequenceLevel ? (['vespoSequenceLevel'] as const) : []),
    ...(isSequenceLevel && loss_type !== 'vespo' && LOSS_TYPES[loss_type].sumsTokens
      ? (['sequenceLevelTokenSum'] as const)
      : []),
    ...(top_p < 1 || top_k > 0 || min_p ? (['cutSampling'] as const) : []),
  ];
}
