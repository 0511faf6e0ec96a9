// The options of a GRPO run: TRL's GRPOConfig names and defaults (trl 1.13), plus veRL's filter_groups.
// Plain data; the one truth for the CLI, the page, share links and stored runs.
import * as v from 'valibot';
import { samplingEntries } from '../evaluation/samplingSettings';
import { LOSS_TYPE_NAMES } from '../objectives/lossTypes';
import { optimizerEntries } from '../optimizer/optimizerSettings';

const positiveInt = v.pipe(v.number(), v.integer(), v.minValue(1));
const nonNegative = v.pipe(v.number(), v.minValue(0));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const grpoConfigSchema = v.object({
  /** Group size G: completions sampled for each question. */
  num_generations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(256)), 8),
  /** Questions per generation. TRL's generation_batch_size is this times num_generations. */
  num_prompts: v.optional(positiveInt, 16),
  ...samplingEntries(),
  /** Of the likeliest token's probability: what is less likely is not drawn. null: none. */
  min_p: v.optional(v.nullable(fraction), null),
  ...optimizerEntries({
    learning_rate: 1e-6,
    lr_scheduler_type: 'linear',
    adam_beta2: 0.999,
    weight_decay: 0,
  }),
  max_steps: v.optional(positiveInt, 150),
  /** KL coefficient. 0 keeps no reference model, as in TRL. */
  beta: v.optional(nonNegative, 0),
  /** Multiplies the k3 estimate by the importance ratio (TRL's default). */
  use_bias_correction_kl: v.optional(v.boolean(), true),
  epsilon: v.optional(nonNegative, 0.2),
  /** null means: the same as epsilon. */
  epsilon_high: v.optional(v.nullable(nonNegative), null),
  /** Upper bound on the ratio of the unclipped term (INTELLECT-2's two-sided clipping). */
  delta: v.optional(v.nullable(v.pipe(v.number(), v.gtValue(1))), null),
  loss_type: v.optional(v.picklist(LOSS_TYPE_NAMES), 'dapo'),
  /** How steep sapo's gate is, for answers better than their group and for others. */
  sapo_temperature_pos: v.optional(v.pipe(v.number(), v.gtValue(0)), 1),
  sapo_temperature_neg: v.optional(v.pipe(v.number(), v.gtValue(0)), 1.05),
  /** vespo's weight φ(w) = e^λ wᵏ e^(−λw), for answers at least as good as their group and for others. */
  vespo_k_pos: v.optional(nonNegative, 2),
  vespo_lambda_pos: v.optional(nonNegative, 3),
  vespo_k_neg: v.optional(nonNegative, 3),
  vespo_lambda_neg: v.optional(nonNegative, 2),
  importance_sampling_level: v.optional(v.picklist(['token', 'sequence']), 'token'),
  // TRL takes booleans, too.
  scale_rewards: v.optional(
    v.pipe(
      v.union([v.picklist(['group', 'batch', 'none']), v.boolean()]),
      v.transform((scale) => (typeof scale === 'boolean' ? (scale ? 'group' : 'none') : scale)),
    ),
    'group',
  ),
  /** Whether rewards are summed before they are compared within a group, or compared each by itself (GDPO). */
  multi_objective_aggregation: v.optional(
    v.picklist(['sum_then_normalize', 'normalize_then_sum']),
    'sum_then_normalize',
  ),
  /** μ: passes over one generation. */
  num_iterations: v.optional(positiveInt, 1),
  /** Mini-batches that one generation is split into; each is one optimizer step. */
  steps_per_generation: v.optional(positiveInt, 1),
  mask_truncated_completions: v.optional(v.boolean(), false),
  sync_ref_model: v.optional(v.boolean(), false),
  ref_model_sync_steps: v.optional(positiveInt, 512),
  ref_model_mixup_alpha: v.optional(fraction, 0.6),
  entropy_coef: v.optional(v.number(), 0),
  /** Moves entropy_coef by entropy_coef_delta after each optimizer step: up at or below entropy_target (nats), else down. */
  use_adaptive_entropy: v.optional(v.boolean(), false),
  entropy_coef_min: v.optional(v.number(), 0),
  entropy_coef_max: v.optional(v.number(), 1),
  entropy_coef_delta: v.optional(nonNegative, 0.005),
  entropy_target: v.optional(nonNegative, 0.2),
  /** Share of the tokens, those of most entropy, that the policy's loss looks at. */
  top_entropy_quantile: v.optional(fraction, 1),
  /** Nats a token: a worse answer that has become so much unlikelier since it was drawn is left out (DeepSeek-V3.2). */
  off_policy_mask_threshold: v.optional(v.nullable(v.pipe(v.number(), v.gtValue(0))), null),
  /** Rewards by name with their weights; the sum is what the group compares. */
  reward_weights: v.optional(v.record(v.string(), v.number()), { accuracy: 1.0, format: 0.1 }),
  /** JavaScript that defines `reward(sample)`: the reward named `custom`, which counts where it has a weight. */
  custom_reward: v.optional(v.pipe(v.string(), v.maxLength(20_000)), ''),
  /** veRL's filter_groups: drop groups whose accuracy is all equal and sample again. */
  filter_groups: v.optional(v.boolean(), false),
  filter_groups_max_num_gen_batches: v.optional(positiveInt, 4),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 42),
});

export type GrpoConfig = v.InferOutput<typeof grpoConfigSchema>;
export type GrpoOptions = v.InferInput<typeof grpoConfigSchema>;

/** Fills in defaults and checks every option. Throws valibot's ValiError naming the option. */
export function grpoConfig(options: GrpoOptions = {}): GrpoConfig {
  return v.parse(grpoConfigSchema, options);
}

/** How many steps (generations) a run has: max_steps counts optimizer steps, as in TRL. */
export function numSteps(config: GrpoConfig): number {
  return Math.ceil(config.max_steps / (config.num_iterations * config.steps_per_generation));
}
