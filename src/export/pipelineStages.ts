// The stages of a pipeline as steps of a job: a script each, and its settings under TRL's names.

import { rng } from '../lib/rng';
import type { Pipeline, Stage, StageOf } from '../runs/pipeline';
import { corpusSettings, document } from '../tasks/corpus';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { type GrpoConfig, grpoConfig } from '../trainer/grpo/grpoConfig';
import { getPreset } from '../trainer/grpo/presets';
import type { SftPair } from '../trainer/texts/sft';
import { sourceDocuments } from '../trainer/texts/sftMix';
import type { Settings } from './yaml';

/** A stage that a job does itself; the others make the models that it begins with. */
export type JobStage = StageOf<'sft' | 'grpo' | 'reject' | 'distil'>;

const JOB_KINDS: readonly string[] = ['sft', 'grpo', 'reject', 'distil'] satisfies JobStage['kind'][];

export const isJobStage = (stage: Stage): stage is JobStage => JOB_KINDS.includes(stage.kind);

/** What a stage is written from. */
export interface StageGround {
  readonly pipeline: Pipeline;
  /** The folder, or the hub's name, of a model of the pipeline. */
  pathOf(model: string): string;
  readonly isOwnModel: boolean;
  /** Undefined where the models are the hub's. */
  readonly tokenizer: Tokenizer | undefined;
}

export interface StageStep {
  readonly script: string;
  readonly settings: Settings;
  /** Rows of texts to learn from, by path. */
  readonly texts?: ReadonlyMap<string, readonly object[]>;
  readonly differs: readonly string[];
}

/** A stage in its place. */
export interface NumberedStep extends StageStep {
  readonly name: string;
  /** Of its settings. */
  readonly path: string;
}

/** The most documents of a corpus that are written out. */
const MOST_DOCUMENTS = 20_000;
/** Where no tokenizer is at hand: characters of a token, on the long side. */
const CHARACTERS_OF_TOKEN = 2;
const SAMPLE = 64;

/** Steps between checkpoints, and between evaluations: a short stage that is stopped does not begin again either. */
export const rhythmOf = (steps: number): number => Math.min(25, Math.ceil(steps / 4));

/** The settings of AdamW and of sampling, which TRL has under our names. */
const OPTIMIZER = [
  'learning_rate',
  'lr_scheduler_type',
  'warmup_steps',
  'adam_beta1',
  'adam_beta2',
  'adam_epsilon',
  'weight_decay',
  'max_grad_norm',
  'gradient_checkpointing',
] as const;
const SAMPLING = ['max_completion_length', 'temperature', 'top_p', 'top_k'] as const;

function pick<T extends object, K extends keyof T & string>(from: T, names: readonly K[]): Settings {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as unknown as Settings;
}

/** What is said of a stage that a number of tokens ends. */
export const budgetDiffers = (stage: {
  readonly name: string;
  readonly token_budget?: number | undefined;
}): string[] =>
  stage.token_budget === undefined
    ? []
    : [
        `${stage.name}: token_budget ${stage.token_budget}: TRL counts steps alone, so the stage ends with its last step.`,
      ];

/** The settings of a stage of reinforcement learning, its preset's below its own. */
export const grpoConfigOf = ({ preset, options }: StageOf<'grpo'>, { seed }: Pipeline): GrpoConfig =>
  grpoConfig({ ...getPreset(preset).options, ...options, seed });

export function rejectStep(stage: StageOf<'reject'>, { pathOf, pipeline }: StageGround): StageStep {
  const { sampling } = stage;
  const names = ['problems', 'samples', 'language', 'min_language_share', 'min_thinking_tokens'] as const;
  const bounds = ['max_thinking_tokens', 'max_per_problem'] as const;
  return {
    script: 'reject.py',
    settings: {
      model_name_or_path: pathOf(stage.from),
      train_file: 'data/train.jsonl',
      output_dir: `output/${stage.name}`,
      ...pick(sampling, names),
      ...pick(sampling, bounds),
      ...pick(sampling, SAMPLING),
      seed: pipeline.seed,
    },
    differs: [],
  };
}

export function distilStep(stage: StageOf<'distil'>, { pathOf, pipeline }: StageGround): StageStep {
  const { options } = stage;
  return {
    script: 'distil.py',
    settings: {
      model_name_or_path: pathOf(stage.from),
      teacher_model_name_or_path: pathOf(stage.teacher),
      train_file: 'data/train.jsonl',
      output_dir: `output/${stage.name}`,
      ...pick(options, OPTIMIZER),
      ...pick(options, SAMPLING),
      max_steps: options.max_steps,
      save_steps: rhythmOf(options.max_steps),
      per_device_train_batch_size: options.num_prompts * options.num_generations,
      seed: pipeline.seed,
    },
    differs: [
      `${stage.name}: TRL asks each question of a step once; in the tab ${options.num_prompts} questions have ` +
        `${options.num_generations} answers each (num_generations).`,
      ...budgetDiffers(stage),
    ],
  };
}

export function sftStep(stage: StageOf<'sft'>, ground: StageGround): StageStep {
  const { training, data } = stage;
  const { pathOf, pipeline } = ground;
  const batch = Math.max(1, Math.round(training.tokens_per_step / meanTokens(ground)));
  const shares = data.reduce((sum, { share }) => sum + share, 0);
  const texts = new Map<string, readonly object[]>();
  const files = data.map((source, place) => {
    const given = source.kind === 'set' ? pipeline.sets[source.set] : undefined;
    if (source.kind === 'set' && given === undefined) return `output/${source.set}/set.jsonl`;
    const path = `data/${stage.name}-${place + 1}.jsonl`;
    const count = Math.min(Math.ceil((training.steps * batch * source.share) / shares), MOST_DOCUMENTS);
    texts.set(path, source.kind === 'set' ? (given ?? []).map(messagesOf) : documents(source, ground, count, place));
    return path;
  });
  return {
    script: 'sft.py',
    settings: {
      model_name_or_path: pathOf(stage.from),
      train_files: files,
      train_shares: data.map(({ share }) => share),
      output_dir: `output/${stage.name}`,
      ...pick(training, OPTIMIZER),
      max_steps: training.steps,
      save_steps: rhythmOf(training.steps),
      per_device_train_batch_size: batch,
      router_aux_loss_coef: 0,
      seed: pipeline.seed,
    },
    texts,
    differs: [
      `${stage.name}: the tab packs ${training.tokens_per_step} tokens into a step (tokens_per_step); TRL takes ${batch} texts.`,
      ...(training.min_learning_rate_share > 0 && training.lr_scheduler_type === 'cosine'
        ? [
            `${stage.name}: the rate falls to 0, not to ${training.min_learning_rate_share} of itself (min_learning_rate_share).`,
          ]
        : []),
      ...(training.bias_speed > 0
        ? [`${stage.name}: bias_speed: TRL leaves the bias that balances experts as it is.`]
        : []),
      ...(training.mtp_freeze_base_model
        ? [`${stage.name}: mtp_freeze_base_model: TRL has no module for further tokens and trains the model itself.`]
        : []),
      ...budgetDiffers(stage),
    ],
  };
}

type Source = Parameters<typeof sourceDocuments>[0];

function documents(source: Source, { pipeline }: StageGround, count: number, place: number): object[] {
  const documentAt = sourceDocuments(source, place, pipeline);
  return Array.from({ length: count }, (_, i) => messagesOf(documentAt(i)));
}

const messagesOf = ({ question, completion }: SftPair) => ({
  prompt: [{ role: 'user', content: question }],
  completion: [{ role: 'assistant', content: completion }],
});

/** Tokens of a worked solution with its question, on the average. */
function meanTokens({ pipeline, tokenizer }: StageGround): number {
  const task = getTask(pipeline.task);
  const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
  const settings = corpusSettings({ think_share: 1 });
  const lengths = Array.from({ length: SAMPLE }, (_, i) => {
    const { question, completion } = document(task, difficulty, settings, rng(0, 'corpus', i));
    return tokenizer
      ? tokenizer.encodePrompt(question).length + tokenizer.encode(completion).length
      : (question.length + completion.length) / CHARACTERS_OF_TOKEN;
  });
  return lengths.reduce((sum, length) => sum + length, 0) / SAMPLE;
}
