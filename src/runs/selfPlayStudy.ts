// One seed of the experiment on self-play: the pipeline's stages one after another, and what the model can do, measured on
// the way.
import { type LanguageModel, loadLanguageModel, samplingOf, toFolder } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { completeDifficulty } from '../tasks/difficulty';
import { NIM } from '../tasks/games/nimPosition';
import { getTask } from '../tasks/registry';
import { questionGenerator } from '../trainer/evaluation/evaluate';
import { fieldOf, measureModel, type NimMeasure, type NimMeasureOptions } from '../trainer/games/measureNim';
import { initialFolder } from '../trainer/texts/pretrain';
import type { Training } from '../trainer/training';
import type { Pipeline, Stage } from './pipeline';
import { stageSeed } from './pipelineRunner';
import { openStage } from './stages';

/** What the model could do after so many steps of a stage. */
export interface StudyPoint {
  readonly stage: string;
  readonly step: number;
  readonly measure: NimMeasure;
  /** Of the step before it, under TRL's names. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface StudyOptions {
  /** Steps of self-play between two measurements; each stage's end is measured, too. */
  readonly every: number;
  /** The most positions. */
  readonly most: number;
  /** Answers to each. */
  readonly samples: number;
  /** Of the answers; 0 takes the likeliest token. */
  readonly temperature: number;
  readonly onStep?: (stage: string, step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
  readonly onPoint?: (point: StudyPoint) => void;
}

export interface StudyResult {
  readonly points: readonly StudyPoint[];
  readonly model: LanguageModel;
}

/** Runs a pipeline of Nim from its first stage to its last. The model is the caller's to destroy. */
export async function runStudy(runtime: Runtime, pipeline: Pipeline, options: StudyOptions): Promise<StudyResult> {
  const task = getTask(NIM);
  const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
  const field = fieldOf(difficulty);
  const points: StudyPoint[] = [];
  let model: LanguageModel | undefined;
  for (const [place, stage] of pipeline.stages.entries()) {
    const seed = stageSeed(pipeline.seed, place);
    if (stage.kind === 'initialize') {
      model = await loadLanguageModel(runtime, stage.name, initialFolder({ ...stage, task: NIM, seed }), true);
      continue;
    }
    if (!model) throw new Error(`the stage ${stage.name} has no model to begin with`);
    // Each stage loads its model anew, as the pipeline does: an optimizer belongs to one training.
    const folder = await toFolder(runtime, model);
    model.weights.destroy();
    model = await loadLanguageModel(runtime, stage.name, folder, true);
    const context = { runtime, model, teacher: undefined, task, difficulty, seed, pairsOf: () => [] };
    const training = await openStage(stage, context);
    const measure = { field, seed: pipeline.seed, most: options.most, samples: options.samples };
    points.push(...(await runMeasured(runtime, model, stage, training, measure, options)));
    await training.destroy();
  }
  if (!model) throw new Error(`${pipeline.name} has no stage that makes a model`);
  return { points, model };
}

async function runMeasured(
  runtime: Runtime,
  model: LanguageModel,
  stage: Stage,
  training: Training,
  measure: NimMeasureOptions,
  { every, onStep, onPoint, temperature }: StudyOptions,
): Promise<StudyPoint[]> {
  const points: StudyPoint[] = [];
  const rollouts = 128;
  const length = 'options' in stage ? (stage.options as { max_completion_length?: number }).max_completion_length : 48;
  const generator = questionGenerator(runtime, model, rollouts, length ?? 48);
  const sampling = samplingOf(model, { temperature, maxNewTokens: length ?? 48 });
  let metrics: Readonly<Record<string, number>> = {};
  while (training.step < training.total) {
    metrics = (await training.run({ isTold: true })) ?? metrics;
    onStep?.(stage.name, training.step, training.total, metrics);
    const isLast = training.step >= training.total;
    if (!isLast && (stage.kind !== 'grpo' || training.step % every !== 0)) continue;
    const point = {
      stage: stage.name,
      step: training.step,
      measure: await measureModel(model, generator, sampling, measure),
      metrics,
    };
    points.push(point);
    onPoint?.(point);
  }
  await generator.destroy();
  return points;
}
