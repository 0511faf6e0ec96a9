// How each GRPO option is offered: as a number, a choice or a switch, in curated order. What an option can take is not
// said here but by the schema.
import * as v from 'valibot';
import { type GrpoConfig, grpoConfigSchema } from '../../protocol/options';
import { type NumberRange, rangeOf } from '../components/numberRange';

export type OptionName = Exclude<keyof GrpoConfig, 'reward_weights' | 'custom_reward'>;

export type OptionKind =
  | { readonly kind: 'number' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

const number: OptionKind = { kind: 'number' };
const toggle: OptionKind = { kind: 'switch' };
const choice = (...choices: readonly string[]): OptionKind => ({ kind: 'choice', choices });
type Choice = 'loss_type' | 'importance_sampling_level' | 'lr_scheduler_type' | 'multi_objective_aggregation';

const choiceOf = (name: Choice) => choice(...grpoConfigSchema.entries[name].wrapped.options);

/** Every option, in the order of the form. */
export const OPTION_KINDS: Readonly<Record<OptionName, OptionKind>> = {
  num_generations: number,
  num_prompts: number,
  max_steps: number,
  max_completion_length: number,
  learning_rate: number,
  beta: number,
  seed: number,
  loss_type: choiceOf('loss_type'),
  importance_sampling_level: choiceOf('importance_sampling_level'),
  sapo_temperature_pos: number,
  sapo_temperature_neg: number,
  vespo_k_pos: number,
  vespo_lambda_pos: number,
  vespo_k_neg: number,
  vespo_lambda_neg: number,
  scale_rewards: choice('group', 'batch', 'none'),
  multi_objective_aggregation: choiceOf('multi_objective_aggregation'),
  epsilon: number,
  epsilon_high: number,
  delta: number,
  num_iterations: number,
  steps_per_generation: number,
  gradient_checkpointing: toggle,
  fp16: toggle,
  fp8: toggle,
  mask_truncated_completions: toggle,
  filter_groups: toggle,
  filter_groups_max_num_gen_batches: number,
  temperature: number,
  top_p: number,
  top_k: number,
  min_p: number,
  use_bias_correction_kl: toggle,
  sync_ref_model: toggle,
  ref_model_sync_steps: number,
  ref_model_mixup_alpha: number,
  entropy_coef: number,
  use_adaptive_entropy: toggle,
  entropy_target: number,
  entropy_coef_delta: number,
  entropy_coef_min: number,
  entropy_coef_max: number,
  top_entropy_quantile: number,
  off_policy_mask_threshold: number,
  lr_scheduler_type: choiceOf('lr_scheduler_type'),
  warmup_steps: number,
  weight_decay: number,
  max_grad_norm: number,
  adam_beta1: number,
  adam_beta2: number,
  adam_epsilon: number,
};

export const CURATED: readonly OptionName[] = [
  'num_generations',
  'num_prompts',
  'max_steps',
  'max_completion_length',
  'learning_rate',
  'beta',
];

/** All others, by what they are about. */
export const OPTION_GROUPS = [
  {
    group: 'sampling',
    options: [
      'seed',
      'temperature',
      'top_p',
      'top_k',
      'min_p',
      'mask_truncated_completions',
      'filter_groups',
      'filter_groups_max_num_gen_batches',
    ],
  },
  {
    group: 'loss',
    options: [
      'loss_type',
      'importance_sampling_level',
      'scale_rewards',
      'multi_objective_aggregation',
      'epsilon',
      'epsilon_high',
      'delta',
      'off_policy_mask_threshold',
      'sapo_temperature_pos',
      'sapo_temperature_neg',
      'vespo_k_pos',
      'vespo_lambda_pos',
      'vespo_k_neg',
      'vespo_lambda_neg',
    ],
  },
  {
    group: 'entropy',
    options: [
      'top_entropy_quantile',
      'entropy_coef',
      'use_adaptive_entropy',
      'entropy_target',
      'entropy_coef_delta',
      'entropy_coef_min',
      'entropy_coef_max',
    ],
  },
  {
    group: 'reference',
    options: ['use_bias_correction_kl', 'sync_ref_model', 'ref_model_sync_steps', 'ref_model_mixup_alpha'],
  },
  {
    group: 'updates',
    options: ['num_iterations', 'steps_per_generation', 'gradient_checkpointing', 'fp16', 'fp8'],
  },
  {
    group: 'optimizer',
    options: [
      'lr_scheduler_type',
      'warmup_steps',
      'weight_decay',
      'max_grad_norm',
      'adam_beta1',
      'adam_beta2',
      'adam_epsilon',
    ],
  },
] as const satisfies readonly { readonly group: string; readonly options: readonly OptionName[] }[];

/** The numbers that the schema takes for the option. */
export function rangeOfOption(name: OptionName): NumberRange {
  return rangeOf(grpoConfigSchema.entries[name]);
}

/** The config with one option changed, or undefined if the schema refuses it. */
export function withOption(config: GrpoConfig, name: OptionName, value: unknown): GrpoConfig | undefined {
  const parsed = v.safeParse(grpoConfigSchema, { ...config, [name]: value });
  return parsed.success ? parsed.output : undefined;
}
