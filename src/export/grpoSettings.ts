// Every setting of a GRPO run under the names of TRL 1.13 and of veRL: one table, and a type that leaves no setting out.
// TRL: trl/trainer/grpo_config.py. veRL: verl/trainer/config (commit b178a3cd5), verl/trainer/ppo/core_algos.py.
import { type GrpoConfig, numSteps } from '../trainer/grpo/grpoConfig';
import type { LossTypeName } from '../trainer/objectives/lossTypes';
import { type Told, together } from './translation';
import type { Scalar } from './yaml';

/** A run's settings, and what a job adds to them. */
export interface JobSettings {
  readonly config: GrpoConfig;
  /** Training problems in the job's file. */
  readonly problems: number;
  /** Answers that one device takes at once in training: fewer of a large model. */
  readonly mostPerDevice: number;
}

interface Translation {
  trl(settings: JobSettings): Told;
  verl(settings: JobSettings): Told;
}

const ACTOR = 'actor_rollout_ref.actor';
const ROLLOUT = 'actor_rollout_ref.rollout';
const OPTIM = `${ACTOR}.optim`;
const FSDP = `${ACTOR}.fsdp_config`;

const option = (name: string, value: Scalar | readonly Scalar[]): Told => ({ options: { [name]: value } });

type Plain = { [K in keyof GrpoConfig]: GrpoConfig[K] extends Scalar ? K : never }[keyof GrpoConfig];

/** TRL has it under the same name. */
const same =
  (name: Plain) =>
  ({ config }: JobSettings): Told =>
    option(name, config[name]);

/** TRL has it under the same name, and null is its default. */
const sameIfSet =
  (name: Plain) =>
  ({ config }: JobSettings): Told =>
    config[name] === null ? {} : option(name, config[name]);

/** The largest divisor of a number that is not above a limit. */
function divisor(of: number, most: number): number {
  for (let n = Math.min(of, most); n > 1; n--) if (of % n === 0) return n;
  return 1;
}

/** How TRL cuts a generation: answers of an optimizer step = per_device_train_batch_size × gradient_accumulation_steps. */
function trlBatch({ config, mostPerDevice }: JobSettings): Told {
  const rollouts = config.num_prompts * config.num_generations;
  const ofStep = rollouts / config.steps_per_generation;
  const perDevice = divisor(ofStep, mostPerDevice);
  const accumulation = ofStep / perDevice;
  return {
    options: {
      per_device_train_batch_size: perDevice,
      gradient_accumulation_steps: accumulation,
      steps_per_generation: config.steps_per_generation * accumulation,
    },
  };
}

/** veRL counts prompts in a mini-batch, and keeps the answers to one together. */
function verlMiniBatch({ config: { num_prompts, steps_per_generation: parts } }: JobSettings): Told {
  const prompts = divisor(num_prompts, Math.max(1, Math.floor(num_prompts / parts)));
  const told = option(`${ACTOR}.ppo_mini_batch_size`, prompts);
  if (parts === 1) return told;
  const cut =
    prompts * parts === num_prompts
      ? ''
      : ` ${num_prompts} prompts cannot be cut into ${parts} parts, so there are ${num_prompts / prompts}.`;
  return {
    ...told,
    differs: `veRL cuts a generation between prompts; in the tab all answers are shuffled before they are cut.${cut}`,
  };
}

const SCHEDULERS: Readonly<Record<GrpoConfig['lr_scheduler_type'], Told>> = {
  constant: option(`${OPTIM}.lr_scheduler_type`, 'constant'),
  constant_with_warmup: option(`${OPTIM}.lr_scheduler_type`, 'constant'),
  cosine: option(`${OPTIM}.lr_scheduler_type`, 'cosine'),
  linear: {
    ...option(`${OPTIM}.lr_scheduler_type`, 'cosine'),
    differs: 'veRL has no linear decay of the learning rate: it falls to 0 along a cosine.',
  },
};

const aggregated = (mode: string, loss = 'vanilla'): Told => ({
  options: { [`${ACTOR}.loss_agg_mode`]: mode, [`${ACTOR}.policy_loss.loss_mode`]: loss },
});

const VERL_LOSSES: Readonly<Record<LossTypeName, (config: GrpoConfig) => Told>> = {
  grpo: () => aggregated('seq-mean-token-mean'),
  dapo: () => aggregated('token-mean'),
  bnpo: () => aggregated('token-mean'),
  dr_grpo: ({ max_completion_length }) => ({
    options: {
      ...aggregated('seq-mean-token-sum-norm').options,
      [`${ACTOR}.loss_scale_factor`]: max_completion_length,
    },
    differs: 'dr_grpo: veRL adds the answers of a mini-batch up where the tab takes their mean.',
  }),
  cispo: ({ epsilon, epsilon_high }) => ({
    options: {
      ...aggregated('token-mean', 'cispo').options,
      // The tab's cap is epsilon_high itself, and there is no lower bound.
      [`${ACTOR}.clip_ratio_high`]: Math.max(0, (epsilon_high ?? epsilon) - 1),
      [`${ACTOR}.clip_ratio_low`]: 1,
    },
  }),
  luspo: () => aggregated('seq-mean-token-sum'),
  sapo: () => aggregated('seq-mean-token-mean', 'sapo'),
  vespo: () => aggregated('token-mean'),
};

const PYTORCH_EPSILON = 1e-8;

/** No bound at all: the largest that the option is ever compared with. */
const NO_BOUND = 1e6;

const TABLE: { readonly [K in keyof GrpoConfig]: Translation } = {
  num_generations: {
    trl: same('num_generations'),
    verl: ({ config }) => option(`${ROLLOUT}.n`, config.num_generations),
  },
  num_prompts: { trl: trlBatch, verl: ({ config }) => option('data.train_batch_size', config.num_prompts) },
  max_completion_length: {
    trl: same('max_completion_length'),
    verl: ({ config }) => option('data.max_response_length', config.max_completion_length),
  },
  temperature: { trl: same('temperature'), verl: ({ config }) => option(`${ROLLOUT}.temperature`, config.temperature) },
  top_p: { trl: same('top_p'), verl: ({ config }) => option(`${ROLLOUT}.top_p`, config.top_p) },
  top_k: {
    trl: same('top_k'),
    verl: ({ config }) => option(`${ROLLOUT}.top_k`, config.top_k === 0 ? -1 : config.top_k),
  },
  min_p: {
    trl: sameIfSet('min_p'),
    verl: ({ config: { min_p } }) =>
      min_p === null
        ? {}
        : { differs: `min_p ${min_p}: veRL has no option for it; it draws from all tokens that top_p leaves.` },
  },
  learning_rate: { trl: same('learning_rate'), verl: ({ config }) => option(`${OPTIM}.lr`, config.learning_rate) },
  lr_scheduler_type: {
    trl: same('lr_scheduler_type'),
    verl: ({ config }) => SCHEDULERS[config.lr_scheduler_type],
  },
  warmup_steps: {
    trl: same('warmup_steps'),
    verl: ({ config }) => option(`${OPTIM}.lr_warmup_steps`, config.warmup_steps),
  },
  adam_beta1: { trl: same('adam_beta1'), verl: verlBetas },
  adam_beta2: { trl: same('adam_beta2'), verl: verlBetas },
  adam_epsilon: {
    trl: same('adam_epsilon'),
    verl: ({ config }) =>
      config.adam_epsilon === PYTORCH_EPSILON
        ? {}
        : { differs: `adam_epsilon ${config.adam_epsilon} is not set: veRL has no option for it; PyTorch’s is 1e-8.` },
  },
  weight_decay: {
    trl: same('weight_decay'),
    verl: ({ config }) => option(`${OPTIM}.weight_decay`, config.weight_decay),
  },
  max_grad_norm: {
    trl: same('max_grad_norm'),
    verl: ({ config }) => ({
      options: { [`${ACTOR}.grad_clip`]: config.max_grad_norm, [`${OPTIM}.clip_grad`]: config.max_grad_norm },
    }),
  },
  gradient_checkpointing: {
    trl: same('gradient_checkpointing'),
    verl: ({ config }) =>
      option('actor_rollout_ref.model.enable_gradient_checkpointing', config.gradient_checkpointing),
  },
  fp16: {
    trl: ({ config: { fp16 } }) => ({
      options: { bf16: false, fp16: false },
      ...(fp16 && {
        differs: 'fp16: the tab read weights in half precision; the job computes in f32. --bf16 true is TRL’s own way.',
      }),
    }),
    verl: () => ({
      options: { [`${FSDP}.dtype`]: 'bfloat16', [`${ROLLOUT}.dtype`]: 'bfloat16' },
      differs: 'veRL samples and computes in bfloat16, its usual type; the tab sums and keeps all in f32.',
    }),
  },
  fp8: {
    trl: ({ config: { fp8 } }) => ({
      ...(fp8 && { differs: 'fp8: TRL has no training in eight bits; the job computes in f32.' }),
    }),
    verl: ({ config: { fp8 } }) => ({
      ...(fp8 && { differs: 'fp8: the tab multiplied in eight bits, in training too; the job computes in bfloat16.' }),
    }),
  },
  max_steps: {
    trl: same('max_steps'),
    // veRL's step is a whole generation, and an epoch's last batch is dropped where it is not full.
    verl: ({ config, problems }) => {
      const steps = numSteps(config);
      const ofEpoch = Math.max(1, Math.floor(problems / config.num_prompts));
      return {
        options: {
          'trainer.total_training_steps': steps,
          'trainer.total_epochs': Math.ceil(steps / ofEpoch),
        },
      };
    },
  },
  beta: {
    trl: same('beta'),
    verl: ({ config: { beta } }) => ({
      options: {
        [`${ACTOR}.use_kl_loss`]: beta > 0,
        [`${ACTOR}.kl_loss_coef`]: beta,
        [`${ACTOR}.kl_loss_type`]: 'low_var_kl',
        'algorithm.use_kl_in_reward': false,
      },
    }),
  },
  use_bias_correction_kl: {
    trl: same('use_bias_correction_kl'),
    verl: ({ config }) =>
      config.use_bias_correction_kl && config.beta > 0
        ? { differs: 'use_bias_correction_kl: veRL does not multiply its KL estimate (k3) by the importance ratio.' }
        : {},
  },
  epsilon: {
    trl: same('epsilon'),
    verl: ({ config }) => ({
      options: { [`${ACTOR}.clip_ratio`]: config.epsilon, [`${ACTOR}.clip_ratio_low`]: config.epsilon },
    }),
  },
  epsilon_high: {
    trl: sameIfSet('epsilon_high'),
    verl: ({ config }) => option(`${ACTOR}.clip_ratio_high`, config.epsilon_high ?? config.epsilon),
  },
  delta: {
    trl: sameIfSet('delta'),
    // A bound on the ratio matters where the advantage is negative, as in veRL's dual clip.
    verl: ({ config }) => option(`${ACTOR}.clip_ratio_c`, config.delta ?? NO_BOUND),
  },
  sapo_temperature_pos: {
    trl: same('sapo_temperature_pos'),
    verl: ({ config }) => option(`${ACTOR}.tau_pos`, config.sapo_temperature_pos),
  },
  sapo_temperature_neg: {
    trl: same('sapo_temperature_neg'),
    verl: ({ config }) => option(`${ACTOR}.tau_neg`, config.sapo_temperature_neg),
  },
  vespo_k_pos: { trl: same('vespo_k_pos'), verl: verlVespo },
  vespo_lambda_pos: { trl: same('vespo_lambda_pos'), verl: verlVespo },
  vespo_k_neg: { trl: same('vespo_k_neg'), verl: verlVespo },
  vespo_lambda_neg: { trl: same('vespo_lambda_neg'), verl: verlVespo },
  loss_type: { trl: same('loss_type'), verl: ({ config }) => VERL_LOSSES[config.loss_type](config) },
  importance_sampling_level: {
    trl: same('importance_sampling_level'),
    verl: ({ config: { importance_sampling_level, loss_type } }) => {
      if (importance_sampling_level === 'token') return {};
      const told = aggregated('seq-mean-token-mean', 'gspo');
      if (loss_type === 'grpo') return told;
      return {
        ...told,
        differs: `importance_sampling_level sequence: veRL’s gspo takes the mean that grpo takes, not ${loss_type}’s.`,
      };
    },
  },
  scale_rewards: {
    trl: same('scale_rewards'),
    verl: ({ config }) => ({
      ...option('algorithm.norm_adv_by_std_in_grpo', config.scale_rewards !== 'none'),
      ...(config.scale_rewards === 'batch' && {
        differs: 'scale_rewards batch: veRL divides by the spread of a group, not of the whole batch.',
      }),
    }),
  },
  multi_objective_aggregation: {
    trl: same('multi_objective_aggregation'),
    verl: ({ config }) =>
      config.multi_objective_aggregation === 'normalize_then_sum'
        ? {
            differs:
              'multi_objective_aggregation normalize_then_sum: the job’s one reward function gives veRL the weighted sum, ' +
              'which is then compared within the group.',
          }
        : {},
  },
  num_iterations: {
    trl: same('num_iterations'),
    verl: ({ config }) => option(`${ACTOR}.ppo_epochs`, config.num_iterations),
  },
  steps_per_generation: { trl: trlBatch, verl: verlMiniBatch },
  mask_truncated_completions: {
    trl: same('mask_truncated_completions'),
    verl: ({ config }) =>
      config.mask_truncated_completions
        ? { differs: 'mask_truncated_completions: veRL learns from answers that were cut, too.' }
        : {},
  },
  sync_ref_model: { trl: same('sync_ref_model'), verl: verlReference },
  ref_model_sync_steps: { trl: same('ref_model_sync_steps'), verl: verlReference },
  ref_model_mixup_alpha: { trl: same('ref_model_mixup_alpha'), verl: verlReference },
  entropy_coef: {
    trl: same('entropy_coef'),
    verl: ({ config }) => option(`${ACTOR}.entropy_coeff`, config.entropy_coef),
  },
  use_adaptive_entropy: { trl: same('use_adaptive_entropy'), verl: verlEntropy },
  entropy_coef_min: { trl: same('entropy_coef_min'), verl: verlEntropy },
  entropy_coef_max: { trl: same('entropy_coef_max'), verl: verlEntropy },
  entropy_coef_delta: { trl: same('entropy_coef_delta'), verl: verlEntropy },
  entropy_target: { trl: same('entropy_target'), verl: verlEntropy },
  top_entropy_quantile: {
    trl: same('top_entropy_quantile'),
    verl: ({ config: { top_entropy_quantile: share } }) =>
      share < 1
        ? {
            differs: `top_entropy_quantile ${share}: veRL learns from all tokens, not only from those of most entropy.`,
          }
        : {},
  },
  off_policy_mask_threshold: {
    trl: sameIfSet('off_policy_mask_threshold'),
    verl: ({ config: { off_policy_mask_threshold: threshold } }) =>
      threshold === null
        ? {}
        : {
            differs:
              `off_policy_mask_threshold ${threshold}: veRL also learns from worse answers that the policy has left ` +
              'far behind.',
          },
  },
  reward_weights: {
    trl: ({ config }) => ({
      options: {
        reward_funcs: Object.keys(config.reward_weights),
        reward_weights: Object.values(config.reward_weights),
      },
    }),
    verl: ({ config }) => ({
      options: { 'custom_reward_function.path': './rewards.py', 'custom_reward_function.name': 'compute_score' },
      ...('soft_overlong' in config.reward_weights && {
        differs: 'soft_overlong does not count: veRL does not tell a reward how many tokens an answer has.',
      }),
    }),
  },
  custom_reward: { trl: customReward, verl: customReward },
  filter_groups: { trl: lacksFilter('TRL'), verl: lacksFilter('veRL’s main_ppo') },
  filter_groups_max_num_gen_batches: { trl: lacksFilter('TRL'), verl: lacksFilter('veRL’s main_ppo') },
  seed: {
    trl: same('seed'),
    verl: ({ config }) => ({
      options: {
        'data.seed': config.seed,
        [`${ACTOR}.data_loader_seed`]: config.seed,
        [`${FSDP}.seed`]: config.seed,
      },
      differs: 'The seed orders veRL’s problems; what vLLM samples is not drawn from it.',
    }),
  },
};

function verlBetas({ config }: JobSettings): Told {
  return option(`${OPTIM}.betas`, [config.adam_beta1, config.adam_beta2]);
}

const VERL_VESPO: Told = {
  differs:
    'vespo: veRL has no such loss, nor its vespo_k and vespo_lambda. The job clips ratios instead, token by token, and takes ' +
    'the mean over all tokens.',
};

function verlVespo({ config }: JobSettings): Told {
  return config.loss_type === 'vespo' ? VERL_VESPO : {};
}

function verlEntropy({ config }: JobSettings): Told {
  if (!config.use_adaptive_entropy) return {};
  const { entropy_target: target, entropy_coef: coef } = config;
  return {
    differs:
      `use_adaptive_entropy: veRL keeps the coefficient at ${coef}; in the tab it was moved to hold the entropy near ${target} ` +
      'nats (entropy_coef_min, entropy_coef_max, entropy_coef_delta, entropy_target).',
  };
}

function verlReference({ config }: JobSettings): Told {
  if (!config.sync_ref_model) return {};
  const { ref_model_sync_steps: steps, ref_model_mixup_alpha: alpha } = config;
  return {
    differs:
      `sync_ref_model: veRL keeps the reference as the model was at the start; in the tab it was renewed every ${steps} ` +
      `optimizer steps (ref_model_sync_steps, ref_model_mixup_alpha ${alpha}).`,
  };
}

function customReward({ config }: JobSettings): Told {
  if (config.custom_reward === '') return {};
  return {
    differs:
      'The reward custom is your own JavaScript, own_reward.js. It is run by QuickJS (the package quickjs). What it may use of ' +
      'the language is what QuickJS has. To write it in Python instead, put it into `custom` in rewards.py.',
  };
}

function lacksFilter(trainer: string): (settings: JobSettings) => Told {
  return ({ config }) =>
    config.filter_groups
      ? {
          differs:
            `filter_groups: ${trainer} has no dynamic sampling. Groups whose answers are all right or all wrong stay in the ` +
            `batch and teach nothing; in the tab others were sampled in their place, up to ` +
            `${config.filter_groups_max_num_gen_batches} times (filter_groups_max_num_gen_batches).`,
        }
      : {};
}

/** The names in the table, in order. */
export const SETTING_NAMES = Object.keys(TABLE) as (keyof GrpoConfig)[];

/** What one setting is for a trainer. */
export const translate = (trainer: keyof Translation, name: keyof GrpoConfig, settings: JobSettings): Told =>
  TABLE[name][trainer](settings);

/** All settings of a run, for a trainer. */
export const translateAll = (trainer: keyof Translation, settings: JobSettings) =>
  together(SETTING_NAMES.map((name) => translate(trainer, name, settings)));
