// How each kind of stage is run: the trainers there are, behind one face.
import * as v from 'valibot';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { Difficulty, Task } from '../tasks/task';
import { DistillationTrainer } from '../trainer/distillation';
import { distillationConfigSchema } from '../trainer/distillationConfig';
import { GrpoTrainer } from '../trainer/grpo';
import { grpoConfig, numSteps } from '../trainer/grpoConfig';
import { LikelihoodRun, type LikelihoodSettings } from '../trainer/likelihoodRun';
import type { OptimizerSnapshot } from '../trainer/optimizer';
import type { Sequence } from '../trainer/packing';
import { getPreset } from '../trainer/presets';
import { corpusText } from '../trainer/pretrain';
import { RejectionRun, rejectionSettingsSchema, rejectionSnapshotSchema } from '../trainer/rejection';
import { type SftPair, sftSettingsSchema } from '../trainer/sft';
import { sftMix } from '../trainer/sftMix';
import type { Training, TrainingMemory } from '../trainer/training';
import type { Stage, StageOf } from './pipeline';

/** What a stage is opened with. */
export interface StageContext {
  readonly runtime: Runtime;
  /** Loaded to be trained where the stage trains it. */
  readonly model: LanguageModel;
  readonly teacher: LanguageModel | undefined;
  readonly task: Task;
  readonly difficulty: Difficulty;
  readonly seed: number;
  pairsOf(set: string): readonly SftPair[];
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

function optimizerOf({ arrays }: TrainingMemory): OptimizerSnapshot {
  const array = (name: keyof OptimizerSnapshot) => arrays[name] ?? new Float32Array(0);
  return { firstMoment: array('firstMoment'), secondMoment: array('secondMoment'), state: array('state') };
}

function openPretraining(stage: StageOf<'pretrain'>, context: StageContext): Promise<Training> {
  const { model, task, difficulty, seed } = context;
  const recipe = { task: task.name, difficulty: { ...difficulty }, corpus: stage.corpus, seed };
  const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
  return openTexts(context, { ...stage.training, seed }, textAt);
}

function openSft(stage: StageOf<'sft'>, context: StageContext): Promise<Training> {
  const { model, task, difficulty, seed, pairsOf } = context;
  const training = v.parse(sftSettingsSchema, { ...stage.training, seed });
  const maxTokens = Math.min(training.tokens_per_step, model.architecture.maxPositions);
  const mix = { tokenizer: model.tokenizer, seed, maxTokens, task: task.name, difficulty, pairsOf };
  return openTexts(context, training, sftMix(stage.data, mix));
}

const textMetaSchema = v.object({ step: v.number(), position: v.number(), numTokens: v.number() });

async function openTexts(
  { runtime, model }: StageContext,
  settings: LikelihoodSettings,
  textAt: (index: number) => Sequence,
): Promise<Training> {
  return textTraining(await LikelihoodRun.create(runtime, model, settings, textAt));
}

export function textTraining(run: LikelihoodRun): Training {
  return {
    get step() {
      return run.step;
    },
    total: run.settings.steps,
    health: run.health,
    get tokens() {
      return run.numTokens;
    },
    async run({ isTold }) {
      await run.run();
      return isTold ? run.readMetrics() : undefined;
    },
    look: () => run.look(),
    async remember() {
      const { optimizer, ...meta } = await run.snapshot();
      return { meta, arrays: { ...optimizer } };
    },
    restore: (memory) => run.restore({ ...v.parse(textMetaSchema, memory.meta), optimizer: optimizerOf(memory) }),
    destroy: async () => run.destroy(),
  };
}

const grpoMetaSchema = v.object({ step: v.number(), optimizerSteps: v.number(), numTokens: v.number() });

async function openGrpo(stage: StageOf<'grpo'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed } = context;
  const config = grpoConfig({ ...getPreset(stage.preset).options, ...stage.options, seed });
  return grpoTraining(await GrpoTrainer.create(runtime, model, task, difficulty, config));
}

export function grpoTraining(trainer: GrpoTrainer): Training {
  return {
    get step() {
      return trainer.step;
    },
    total: numSteps(trainer.config),
    health: trainer.health,
    get tokens() {
      return trainer.numTokens;
    },
    async run({ onPhase, onGroups }) {
      const step = await trainer.run(onPhase);
      onGroups?.(step);
      return step.metrics;
    },
    async remember() {
      const { optimizer, reference, ...meta } = await trainer.snapshot();
      return { meta, arrays: { ...optimizer, ...(reference && { reference }) } };
    },
    restore: (memory) =>
      trainer.restore({
        ...v.parse(grpoMetaSchema, memory.meta),
        optimizer: optimizerOf(memory),
        reference: memory.arrays.reference,
      }),
    destroy: () => trainer.destroy(),
  };
}

async function openRejection(stage: StageOf<'reject'>, context: StageContext): Promise<Training> {
  const { runtime, model, task, difficulty, seed } = context;
  const settings = v.parse(rejectionSettingsSchema, { ...stage.sampling, seed });
  const run = await RejectionRun.create(runtime, model, task, difficulty, settings);
  return {
    get step() {
      return run.step;
    },
    total: settings.problems,
    get tokens() {
      return run.report.tokens;
    },
    async run() {
      await run.run();
      const { sampled, kept, tokens } = run.report;
      return { sampled, kept, num_tokens: tokens };
    },
    remember: async () => ({ meta: run.snapshot(), arrays: {} }),
    restore: ({ meta }) => run.restore(v.parse(rejectionSnapshotSchema, meta)),
    get set() {
      return { pairs: run.pairs, report: run.report };
    },
    destroy: () => run.destroy(),
  };
}

const distilMetaSchema = v.object({ step: v.number(), numTokens: v.number() });

async function openDistillation(stage: StageOf<'distil'>, context: StageContext): Promise<Training> {
  const { runtime, model, teacher, task, difficulty, seed } = context;
  if (!teacher) throw new Error(`stage ${stage.name} was opened without its teacher`);
  const config = v.parse(distillationConfigSchema, { ...stage.options, seed });
  const trainer = await DistillationTrainer.create(runtime, model, teacher, task, difficulty, config);
  return {
    get step() {
      return trainer.step;
    },
    total: config.max_steps,
    health: trainer.health,
    get tokens() {
      return trainer.numTokens;
    },
    run: () => trainer.run(),
    async remember() {
      const { optimizer, ...meta } = await trainer.snapshot();
      return { meta, arrays: { ...optimizer } };
    },
    restore: (memory) => trainer.restore({ ...v.parse(distilMetaSchema, memory.meta), optimizer: optimizerOf(memory) }),
    destroy: () => trainer.destroy(),
  };
}
