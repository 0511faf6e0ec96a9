// How large the ready pipelines are: in full (minutes on a GPU), as a mini (a minute or two on a GPU in software, from
// the shipped base), and tiny (seconds, from a model made on the spot).
import { DEFAULT_GENERATION } from '../formats/huggingface/generationConfig';
import type { GrpoOptions } from '../trainer/grpo/grpoConfig';
import type { PipelineOptions } from './pipeline';

export type StageOptions = PipelineOptions['stages'][number];
type OptionsOf<K extends StageOptions['kind']> = Extract<StageOptions, { kind: K }>;
type PretrainingOptions = OptionsOf<'pretrain'>['training'];
type DistillationOptions = NonNullable<OptionsOf<'distil'>['options']>;
type PreferenceOptions = NonNullable<OptionsOf<'reward-model'>['training']> & NonNullable<OptionsOf<'dpo'>['training']>;
type TrainingOptions = NonNullable<OptionsOf<'sft'>['training']>;

/** What differs between the forms of a pipeline. */
export interface Size {
  readonly suffix: '' | '-mini';
  readonly inputs: readonly string[];
  /** Stages that make `base`, where it is not an input. */
  readonly first: readonly StageOptions[];
  readonly difficulty: Readonly<Record<string, number>>;
  /** Dials of problems so easy that an answer needs no thinking. */
  readonly easy: Readonly<Record<string, number>>;
  readonly evaluation: { readonly problems: number; readonly max_completion_length: number };
  rl(steps: number): GrpoOptions;
  texts(steps: number, learningRate: number): TrainingOptions;
  /** Pairs of answers, and how a model learns from them. */
  readonly preference: { readonly pairs: number; readonly training: PreferenceOptions };
  readonly sampling: { readonly problems: number; readonly samples: number; readonly max_completion_length: number };
}

/** Of a pipeline that has a student, too. */
export interface StudentSize extends Size {
  /** A model smaller than the base: a preset and overrides of its config.json. */
  readonly student: Pick<OptionsOf<'initialize'>, 'preset' | 'model'>;
  readonly studentTraining: PretrainingOptions;
  readonly distillation: DistillationOptions;
  readonly tokenBudget: number;
}

const LENGTH = DEFAULT_GENERATION.maxNewTokens;

export const FULL: StudentSize = {
  suffix: '',
  inputs: ['base'],
  first: [],
  difficulty: {},
  easy: { min_terms: 2, max_terms: 2 },
  evaluation: { problems: 512, max_completion_length: LENGTH },
  student: { preset: 'nano', model: { hidden_size: 48, num_hidden_layers: 2 } },
  studentTraining: { steps: 1600, tokens_per_step: 2048, learning_rate: 3e-3, warmup_steps: 50 },
  distillation: { num_prompts: 16, num_generations: 4, max_completion_length: LENGTH, max_steps: 1000 },
  rl: (max_steps) => ({ max_steps }),
  texts: (steps, learning_rate) => ({ steps, learning_rate, warmup_steps: 10 }),
  preference: { pairs: 1024, training: {} },
  sampling: { problems: 768, samples: 4, max_completion_length: LENGTH },
  tokenBudget: 400_000,
};

/** The full form with fewer and smaller steps: what each stage does to the model shows all the same. */
export const MINI: Size = {
  suffix: '-mini',
  inputs: ['base'],
  first: [],
  difficulty: {},
  easy: FULL.easy,
  evaluation: { problems: 64, max_completion_length: LENGTH },
  rl: (steps) => ({ num_prompts: 8, num_generations: 8, max_steps: Math.ceil(steps / 6) }),
  texts: (steps, learning_rate) => ({
    tokens_per_step: 1024,
    steps: Math.min(24, Math.ceil(steps * 0.4)),
    learning_rate,
    warmup_steps: 2,
  }),
  preference: { pairs: 192, training: {} },
  sampling: { problems: 64, samples: 4, max_completion_length: LENGTH },
};

const TINY_TEXTS = { tokens_per_step: 256, weight_decay: 0 };
export const TINY: StudentSize = {
  suffix: '-mini',
  inputs: [],
  first: [
    { kind: 'initialize', name: 'random', preset: 'tiny' },
    {
      kind: 'pretrain',
      name: 'base',
      from: 'random',
      corpus: { think_share: 0.5, wrong_share: 0.2 },
      training: { ...TINY_TEXTS, steps: 100, learning_rate: 2e-2 },
    },
  ],
  difficulty: { min_terms: 2, max_terms: 3, max_number: 1 },
  easy: { min_terms: 2, max_terms: 2, max_number: 1 },
  evaluation: { problems: 16, max_completion_length: 24 },
  student: { preset: 'tiny', model: { hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1 } },
  studentTraining: { ...TINY_TEXTS, steps: 10, learning_rate: 1e-2 },
  distillation: { num_prompts: 2, num_generations: 4, max_completion_length: 24, max_steps: 2 },
  rl: () => ({ num_prompts: 2, num_generations: 4, max_completion_length: 24, max_steps: 2, learning_rate: 1e-3 }),
  texts: (_, learning_rate) => ({ ...TINY_TEXTS, steps: 4, learning_rate }),
  preference: { pairs: 8, training: { per_device_train_batch_size: 4, max_steps: 2 } },
  sampling: { problems: 32, samples: 4, max_completion_length: 24 },
  tokenBudget: 600,
};
