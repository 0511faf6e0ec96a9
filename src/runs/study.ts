// A pipeline that is measured on the way: its stages one after another in memory, and what the model can do every so many steps.
import type { SamplingOptions } from '../engine/generateRequest';
import type { Generator } from '../engine/generator';
import { type LanguageModel, loadLanguageModel, samplingOf, toFolder } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import { questionGenerator } from '../trainer/evaluation/evaluate';
import type { GrpoStep } from '../trainer/grpo/grpoStep';
import { initialFolder } from '../trainer/texts/pretrain';
import type { Metrics, Training } from '../trainer/training';
import type { Pipeline, Stage } from './pipeline';
import { stageSeed } from './pipelineRunner';
import { openStage } from './stages';

/** What the model could do after so many steps of a stage. */
export interface StudyPoint<M> {
  readonly stage: string;
  readonly step: number;
  readonly measure: M;
  /** Of the step before it, under TRL's names. */
  readonly metrics: Metrics;
}

export interface StudyOptions<M> {
  /** The models given, by name: the pipeline begins with the one that it names, if it names one. */
  readonly inputs?: ReadonlyMap<string, ModelFolder>;
  /** Steps of reinforcement learning between two measurements; each stage's end is measured, too. */
  readonly every: number;
  readonly temperature: number;
  readonly measure: (model: LanguageModel, generator: Generator, sampling: SamplingOptions) => Promise<M>;
  readonly onStep?: (stage: string, step: number, total: number, metrics: Metrics) => void;
  readonly onPoint?: (point: StudyPoint<M>) => void;
  /** Of GRPO: whatever else a step found. */
  readonly onGroups?: (step: GrpoStep) => void;
  /** Throws its reason between two steps. */
  readonly signal?: AbortSignal;
  /** Runs a step, or a measurement, when its turn comes. */
  readonly inTurn?: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface StudyResult<M> {
  readonly points: readonly StudyPoint<M>[];
  readonly model: LanguageModel;
}

const ROLLOUTS = 128;

/** Runs a pipeline of one line of models from its first stage to its last. The model is the caller's to destroy. */
export async function runStudy<M>(
  runtime: Runtime,
  pipeline: Pipeline,
  options: StudyOptions<M>,
): Promise<StudyResult<M>> {
  const task = getTask(pipeline.task);
  const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
  const points: StudyPoint<M>[] = [];
  const [input = ''] = pipeline.inputs;
  const given = options.inputs?.get(input);
  let model = given && (await loadLanguageModel(runtime, input, given, true));
  for (const [place, stage] of pipeline.stages.entries()) {
    const seed = stageSeed(pipeline.seed, place);
    if (stage.kind === 'initialize') {
      model = await loadLanguageModel(runtime, stage.name, initialFolder({ ...stage, task: task.name, seed }), true);
      continue;
    }
    if (!model) throw new Error(`the stage ${stage.name} has no model to begin with`);
    // Each stage loads its model anew, as the pipeline does: an optimizer belongs to one training.
    const folder = await toFolder(runtime, model);
    model.weights.destroy();
    model = await loadLanguageModel(runtime, stage.name, folder, true);
    const context = { runtime, model, teacher: undefined, task, difficulty, seed, pairsOf: () => [] };
    const training = await openStage(stage, context);
    try {
      points.push(...(await runMeasured(runtime, model, stage, training, pipeline, options)));
    } catch (error) {
      model.weights.destroy();
      throw error;
    } finally {
      await training.destroy();
    }
  }
  if (!model) throw new Error(`${pipeline.name} has no stage that makes a model`);
  return { points, model };
}

async function runMeasured<M>(
  runtime: Runtime,
  model: LanguageModel,
  stage: Stage,
  training: Training,
  { evaluation: { max_completion_length: length } }: Pipeline,
  options: StudyOptions<M>,
): Promise<StudyPoint<M>[]> {
  const { every, temperature, measure, onStep, onPoint, onGroups, signal, inTurn = (work) => work() } = options;
  const points: StudyPoint<M>[] = [];
  const generator = questionGenerator(runtime, model, ROLLOUTS, length);
  const sampling = samplingOf(model, { temperature, maxNewTokens: length });
  let metrics: Metrics = {};
  try {
    while (training.step < training.total) {
      signal?.throwIfAborted();
      metrics = (await inTurn(() => training.run({ isTold: true, onGroups }))) ?? metrics;
      onStep?.(stage.name, training.step, training.total, metrics);
      const isLast = training.step >= training.total;
      if (!isLast && (stage.kind !== 'grpo' || training.step % every !== 0)) continue;
      const found = await inTurn(() => measure(model, generator, sampling));
      const point = { stage: stage.name, step: training.step, measure: found, metrics };
      points.push(point);
      onPoint?.(point);
    }
  } finally {
    await generator.destroy();
  }
  return points;
}
