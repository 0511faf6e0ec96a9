// How each kind of stage is opened.
import * as v from 'valibot';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { sizedProblems } from '../tasks/proposals';
import type { Difficulty, Task } from '../tasks/task';
import { DistillationTraining } from '../trainer/distillation/distillation';
import { distillationConfigSchema } from '../trainer/distillation/distillationConfig';
import { GrpoTraining } from '../trainer/grpo/grpo';
import { grpoConfig } from '../trainer/grpo/grpoConfig';
import { getPreset } from '../trainer/grpo/presets';
import { PairSampling } from '../trainer/preference/pairSampling';
import { pairSettingsSchema } from '../trainer/preference/pairSettings';
import { type PreferenceText, preferencePair } from '../trainer/preference/pairs';
import {
  dpoConfigSchema,
  type PreferenceConfig,
  rewardConfigSchema,
  scoreOf,
} from '../trainer/preference/preferenceConfig';
import { PreferenceTraining } from '../trainer/preference/preferenceTraining';
import { RejectionSampling, rejectionSettingsSchema } from '../trainer/rejection/rejection';
import { LikelihoodTraining } from '../trainer/texts/likelihoodTraining';
import { corpusText } from '../trainer/texts/pretrain';
import { type SftPair, sftSettingsSchema } from '../trainer/texts/sft';
import { sftMix } from '../trainer/texts/sftMix';
import type { Training } from '../trainer/training';
import { PipelineError, type Stage, type StageOf } from './pipeline';

/** What a stage is opened with. */
export interface StageContext {
  readonly runtime: Runtime;
  /** Loaded to be trained where the stage trains it. */
  readonly model: LanguageModel;
  readonly teacher: LanguageModel | undefined;
  /** Of the reward `reward_model`. */
  readonly grader?: LanguageModel | undefined;
  readonly task: Task;
  readonly difficulty: Difficulty;
  readonly seed: number;
  pairsOf(set: string): readonly SftPair[];
  /** Pairs of answers, one preferred. */
  preferencesOf?(pairs: string): readonly PreferenceText[];
}

/** Opens a stage on its model. A model of random weights needs no step. */
export function openStage(stage: Stage, context: StageContext): Promise<Training> {
  switch (stage.kind) {
    case 'initialize':
      return Promise.resolve(NO_STEPS);
    case 'pretrain':
      return openPretraining(stage, context);
    case 'sft':
      return openSft(stage, context);
    case 'grpo':
      return openGrpo(stage, context);
    case 'reject':
      return openRejection(stage, context);
    case 'distil':
      return openDistillation(stage, context);
    case 'pairs':
      return openPairs(stage, context);
    case 'reward-model':
      return openPreference(stage, v.parse(rewardConfigSchema, { ...stage.training, seed: context.seed }), context);
    case 'dpo':
      return openPreference(stage, v.parse(dpoConfigSchema, { ...stage.training, seed: context.seed }), context);
  }
}

const NO_STEPS: Training = {
  step: 0,
  total: 0,
  tokens: 0,
  run: async () => undefined,
  remember: async () => ({ meta: null, arrays: {} }),
  restore: () => {},
  destroy: async () => {},
};

function openPretraining(stage: StageOf<'pretrain'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed } = context;
  const recipe = { task: task.name, difficulty: { ...difficulty }, corpus: stage.corpus, seed };
  const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
  return LikelihoodTraining.create(runtime, model, { ...stage.training, seed }, textAt);
}

function openSft(stage: StageOf<'sft'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed, pairsOf } = context;
  const training = v.parse(sftSettingsSchema, { ...stage.training, seed });
  const maxTokens = Math.min(training.tokens_per_step, model.architecture.maxPositions);
  const mix = { tokenizer: model.tokenizer, seed, maxTokens, task: task.name, difficulty, pairsOf };
  return LikelihoodTraining.create(runtime, model, training, sftMix(stage.data, mix));
}

function openGrpo(stage: StageOf<'grpo'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed, grader } = context;
  const config = grpoConfig({ ...getPreset(stage.preset).options, ...stage.options, seed });
  const { curriculum: sizes } = stage;
  const curriculum = sizes && {
    ...sizedProblems(task, difficulty, sizes),
    temperature: sizes.temperature,
  };
  const beside = { ...(grader && { rewardModel: grader }), ...(curriculum && { curriculum }) };
  return GrpoTraining.create(runtime, model, task, difficulty, config, beside);
}

function openRejection(stage: StageOf<'reject'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed } = context;
  const settings = v.parse(rejectionSettingsSchema, { ...stage.sampling, seed });
  return RejectionSampling.create(runtime, model, task, difficulty, settings);
}

function openDistillation(stage: StageOf<'distil'>, context: StageContext): Promise<Training> {
  const { runtime, model, teacher, task, difficulty, seed } = context;
  if (!teacher) throw new Error(`stage ${stage.name} was opened without its teacher`);
  const config = v.parse(distillationConfigSchema, { ...stage.options, seed });
  return DistillationTraining.create(runtime, model, teacher, task, difficulty, config);
}

async function openPairs(stage: StageOf<'pairs'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed } = context;
  return PairSampling.create(
    runtime,
    model,
    task,
    difficulty,
    v.parse(pairSettingsSchema, { ...stage.sampling, seed }),
  );
}

function openPreference(
  { name, pairs: wanted }: StageOf<'reward-model' | 'dpo'>,
  config: PreferenceConfig,
  { runtime, model, preferencesOf }: StageContext,
): Promise<Training> {
  const pairs = (preferencesOf?.(wanted) ?? []).map((text) => preferencePair(model.tokenizer, text, scoreOf(config)));
  if (pairs.length > 0) return PreferenceTraining.create(runtime, model, config, pairs);
  throw new PipelineError(
    `Stage ${name} has no pair to learn from: the answers in ${wanted} were all alike.`,
    'Draw them at a higher temperature, or from another model.',
  );
}
