// Runs a pipeline bit by bit: each `advance` measures an input, takes one step of a stage or finishes it. Whoever drives it
// (the CLI, the page's worker) decides between two of them what else to do; stopped anywhere and resumed, it makes the
// same weights.

import type { Generator } from '../engine/generator';
import {
  type LanguageModel,
  loadLanguageModel,
  loadRewardModel,
  modelFiles,
  samplingOf,
} from '../engine/languageModel';
import type { Rollout } from '../engine/rollout';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { modelCard } from '../formats/huggingface/modelCard';
import { PURPOSE, pcg4d } from '../lib/rng';
import { completeDifficulty, toldDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import type { Problem } from '../tasks/task';
import { drawProblems, type Evaluation, evaluate, questionGenerator, rolloutKey } from '../trainer/evaluation/evaluate';
import { generationOf } from '../trainer/evaluation/samplingSettings';
import { graderFolder } from '../trainer/preference/graderFolder';
import type { PreferenceText } from '../trainer/preference/pairs';
import { initialFolder } from '../trainer/texts/pretrain';
import type { SftPair } from '../trainer/texts/sft';
import type { Metrics } from '../trainer/training';
import { type DeviceStretch, deviceChangeText, goneOnWith } from './devices';
import { Driver, type DriverHost, type TrainingState } from './driver';
import { checkLengths } from './lengths';
import { MetricsFile } from './metricsFile';
import { madeBy, makesModel, needsOf, type Pipeline, PipelineError, type Stage, TEXT_STEPS_PER_LINE } from './pipeline';
import {
  type Done,
  findRecord,
  type Measured,
  measured,
  newRecord,
  type PipelineRecord,
  toDo,
  type Written,
  withDone,
  writeRecord,
} from './pipelineRecord';
import { type PipelineStore, readCheckpoint, writeFiles } from './pipelineStore';
import { readPairs, readSet, writePairs, writeSet } from './setFile';
import { packSnapshot, unpackSnapshot } from './snapshot';
import { openStage } from './stages';

/** How far a stage is. */
interface Standing {
  readonly stage: Stage;
  readonly step: number;
  readonly total: number;
  /** Of the stage, from 0 to 1: of its steps or of its token budget, whichever ends it first. */
  readonly share: number;
}

export type PipelineEvent =
  | ({
      readonly type: 'stageOpened';
      /** It goes on on another device than before: what is to be said of that, in English. */
      readonly change: string | undefined;
    } & Standing)
  | ({
      readonly type: 'stepFinished';
      /** Undefined for a step whose metrics come with a later one's. */
      readonly metrics: Readonly<Record<string, number>> | undefined;
    } & Standing)
  | { readonly type: 'answerWritten'; readonly stage: Stage; readonly written: Written }
  | { readonly type: 'evaluating'; readonly name: string; readonly done: number; readonly total: number }
  /** An input was measured, or a stage is done. */
  | { readonly type: 'checkpointDone'; readonly done: Done };

export interface RunnerOptions {
  /** Steps between two saves of a stage's state; 0: only when paused. */
  readonly saveEvery: number;
  /** A stage: only what it needs and it are made. */
  readonly only?: string | undefined;
  readonly onEvent?: (event: PipelineEvent) => void;
}

/** Questions asked at once in an evaluation. */
const EVALUATION_BATCH = 128;

/** The seed of the stage at a place, so that no two stages draw the same problems. */
export function stageSeed(seed: number, place: number): number {
  return pcg4d(seed >>> 0, PURPOSE.stage, place, 0)[0];
}

interface OpenStage {
  readonly stage: Stage;
  readonly driver: Driver;
  readonly model: LanguageModel;
  /** What it needs beside its model and does not train: a teacher, a grader. */
  readonly others: readonly LanguageModel[];
  readonly metrics: MetricsFile;
  readonly seed: number;
  /** What it was computed on. */
  readonly devices: readonly DeviceStretch[];
  /** Of the model it made, once that is measured. */
  evaluation?: Measured;
  readonly written: Written[];
  /** Writes them. */
  writer?: Generator;
}

export class PipelineRunner {
  #record: PipelineRecord;
  #open: OpenStage | undefined;

  private constructor(
    private readonly runtime: Runtime,
    private readonly store: PipelineStore,
    record: PipelineRecord,
    private readonly options: RunnerOptions,
  ) {
    this.#record = record;
  }

  /**
   * Begins a pipeline in an empty store. @param inputs the given models by name. @param command what makes it again, for the
   * model cards. Throws PipelineError where the store holds one already, or an input or the only stage wanted is missing.
   */
  static async begin(
    runtime: Runtime,
    pipeline: Pipeline,
    inputs: ReadonlyMap<string, ModelFolder>,
    store: PipelineStore,
    command: string,
    options: RunnerOptions,
  ): Promise<PipelineRunner> {
    if (await findRecord(store)) {
      throw new PipelineError(
        `${store.name} holds a pipeline already.`,
        'Go on with it, or begin this one in another place.',
      );
    }
    const record = newRecord(pipeline, runtime.device.name, command);
    toDo(record, options.only);
    checkLengths(pipeline, inputs);
    for (const name of pipeline.inputs) {
      const folder = inputs.get(name);
      if (!folder)
        throw new PipelineError(`The model ${name} is missing.`, `${pipeline.name} starts from it: give its folder.`);
      const model = await loadLanguageModel(runtime, name, folder, false);
      // Kept with the pipeline, so that resuming it does not depend on what has become of the original.
      await writeFiles(store, name, await modelFiles(runtime, model));
      model.weights.destroy();
    }
    await writeRecord(store, record);
    return new PipelineRunner(runtime, store, record, options);
  }

  /** Goes on with the pipeline in a store. Throws PipelineError where there is none, or not the only stage wanted. */
  static async resume(runtime: Runtime, store: PipelineStore, options: RunnerOptions): Promise<PipelineRunner> {
    const record = await findRecord(store);
    if (!record) {
      throw new PipelineError(`There is no pipeline in ${store.name}.`, 'Give the place of one that was begun.');
    }
    toDo(record, options.only);
    return new PipelineRunner(runtime, store, record, options);
  }

  get record(): PipelineRecord {
    return this.#record;
  }

  /** Whether all that is wanted is done. */
  get isDone(): boolean {
    return toDo(this.#record, this.options.only).length === 0;
  }

  /** Does the next bit of work; nothing when all is done. */
  async advance(): Promise<void> {
    const [next] = toDo(this.#record, this.options.only);
    if (next === undefined) return;
    const { stages } = this.#record.pipeline;
    const place = stages.findIndex((stage) => stage.name === next);
    if (place < 0) return this.#measureInput(next);
    this.#open ??= await this.#openStage(stages[place] as Stage, place);
    const { driver } = this.#open;
    if (driver.isDone) return this.#finish(this.#open);
    await driver.advance();
    // What was measured is known only here: it is written at once.
    if (this.#open.evaluation) await this.#finish(this.#open);
  }

  /** Saves the stage under way and frees what it holds on the device. `advance` would open it again. */
  async pause(): Promise<void> {
    if (!this.#open) return;
    await this.#open.driver.save();
    await this.close();
  }

  /** Frees what is held on the device, saving nothing. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    await open.driver.training.destroy();
    await open.writer?.destroy();
    open.model.weights.destroy();
    for (const other of open.others) other.weights.destroy();
  }

  async #measureInput(name: string): Promise<void> {
    const startMs = performance.now();
    const model = await this.#load(name, false);
    const evaluation = measured(await this.#measure(name, model));
    model.weights.destroy();
    await this.#add({ name, steps: 0, tokens: 0, seconds: (performance.now() - startMs) / 1000, evaluation });
  }

  async #openStage(stage: Stage, place: number): Promise<OpenStage> {
    const { runtime, store } = this;
    const { pipeline } = this.#record;
    const seed = stageSeed(pipeline.seed, place);
    const state = await store.loadState(stage.name);
    const saved = state && (await unpackSnapshot(stage.name, state));
    const sets = new Map<string, readonly SftPair[]>();
    for (const set of needsOf(stage).sets) sets.set(set, pipeline.sets[set] ?? (await readSet(store, set)));
    const preferences = new Map<string, readonly PreferenceText[]>();
    for (const one of needsOf(stage).pairs ?? [])
      preferences.set(one, pipeline.preferences[one] ?? (await readPairs(store, one)));
    const load = madeBy(stage) === 'grader' ? loadRewardModel : loadLanguageModel;
    const model = saved?.model
      ? await load(runtime, stage.name, saved.model, true)
      : await this.#startingModel(stage, seed);
    const teacher = stage.kind === 'distil' ? await this.#load(stage.teacher, false) : undefined;
    const grader = stage.kind === 'grpo' && stage.reward_model ? await this.#loadGrader(stage.reward_model) : undefined;
    const task = getTask(pipeline.task);
    const training = await openStage(stage, {
      runtime,
      model,
      teacher,
      grader,
      task,
      difficulty: completeDifficulty(task.dials, pipeline.difficulty),
      seed,
      pairsOf: (set) => sets.get(set) ?? [],
      preferencesOf: (one) => preferences.get(one) ?? [],
    });
    if (saved) training.restore(saved.memory);
    const devices = goneOnWith(saved?.devices ?? [], training.step, runtime.device);
    const metrics = await MetricsFile.open(store, stage.name, training.step);
    const rhythm = {
      evalEvery: 0,
      evaluatesStart: false,
      evaluatesEnd: makesModel(stage),
      saveEvery: this.options.saveEvery,
      tellEvery: TEXT_STEPS_PER_LINE,
    };
    const resumed = saved && {
      savedStep: saved.step,
      seconds: saved.seconds,
      unmeasured: saved.unmeasured,
    };
    const open: OpenStage = {
      stage,
      driver: new Driver(
        training,
        rhythm,
        this.#hostOf(() => open),
        resumed,
        budgetOf(stage),
      ),
      model,
      others: [teacher, grader].filter((one) => one !== undefined),
      metrics,
      seed,
      devices,
      written: [],
    };
    this.#emit({ type: 'stageOpened', change: deviceChangeText(devices, training.step), ...standingOf(open) });
    return open;
  }

  /** What a stage's driver asks of the pipeline. @param opened the stage, once it is open. */
  #hostOf(opened: () => OpenStage): DriverHost {
    return {
      save: (state) => this.#save(opened(), state),
      dropAfter: (step) => this.store.dropStatesAfter(opened().stage.name, step),
      evaluate: () => this.#measure(opened().stage.name, opened().model),
      onStep: (found) => this.#onStep(opened(), found),
      onDone: (_, evaluation) => {
        if (evaluation) opened().evaluation = measured(evaluation);
      },
      get remedy() {
        const remedy =
          `Give the stage ${opened().stage.name} a lower learning_rate in the pipeline's file, ` +
          'and begin that pipeline under another name.';
        return { kept: remedy, unkept: remedy };
      },
    };
  }

  async #startingModel(stage: Stage, seed: number): Promise<LanguageModel> {
    // Rejection sampling names the model that answers as the source of its texts.
    if (stage.kind === 'reject' || stage.kind === 'pairs') return this.#load(stage.from, false);
    if (stage.kind === 'reward-model') {
      const folder = await readCheckpoint(this.store, stage.from);
      return loadRewardModel(this.runtime, stage.name, graderFolder(folder, seed), true);
    }
    if (stage.kind !== 'initialize') return this.#load(stage.from, true, stage.name);
    const tokenizerJson =
      stage.tokenizer_of === undefined
        ? undefined
        : (await readCheckpoint(this.store, stage.tokenizer_of)).tokenizerJson;
    return loadLanguageModel(
      this.runtime,
      stage.name,
      initialFolder({ ...stage, task: this.#record.pipeline.task, seed }, tokenizerJson),
      false,
    );
  }

  async #load(checkpoint: string, isTrained: boolean, name = checkpoint): Promise<LanguageModel> {
    return loadLanguageModel(this.runtime, name, await readCheckpoint(this.store, checkpoint), isTrained);
  }

  async #loadGrader(name: string): Promise<LanguageModel> {
    return loadRewardModel(this.runtime, name, await readCheckpoint(this.store, name), false);
  }

  async #onStep(open: OpenStage, found: Metrics | undefined): Promise<void> {
    if (found) open.metrics.add(open.driver.step, found);
    this.#emit({ type: 'stepFinished', metrics: found, ...standingOf(open) });
    const { sample_every } = this.#record.pipeline.evaluation;
    const isText = open.stage.kind === 'pretrain' || open.stage.kind === 'sft';
    if (isText && sample_every > 0 && open.driver.step % sample_every === 0) await this.#write(open);
  }

  /** Has the model answer the first of the problems as it is now, by its likeliest tokens. */
  async #write(open: OpenStage): Promise<void> {
    const { stage, model, driver, written } = open;
    const { pipeline } = this.#record;
    const task = getTask(pipeline.task);
    const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
    const [{ question }] = drawProblems(task, difficulty, 'held-out', pipeline.seed, 1) as [Problem];
    const { maxNewTokens } = generationOf(pipeline.evaluation);
    open.writer ??= questionGenerator(this.runtime, model, 1, maxNewTokens);
    const [rollout] = (await open.writer.generate({
      prompts: [model.tokenizer.encodePrompt(question)],
      members: 1,
      sampling: samplingOf(model, { temperature: 0, maxNewTokens }),
      key: () => rolloutKey(pipeline.seed, 'evaluate', 0, driver.step),
    })) as [Rollout];
    // They count the tokens that are trained on.
    model.weights.clearLoads();
    const one = { step: driver.step, question, text: model.tokenizer.decode(rollout.tokens) };
    written.push(one);
    this.#emit({ type: 'answerWritten', stage, written: one });
  }

  async #save({ stage, model, metrics, devices }: OpenStage, state: TrainingState): Promise<boolean> {
    await metrics.write();
    const files = model.weights.isTrained ? await modelFiles(this.runtime, model) : new Map<string, Uint8Array>();
    await this.store.saveState(stage.name, packSnapshot(state, files, devices));
    return true;
  }

  /** Writes what the stage made and puts it into the record. */
  async #finish(open: OpenStage): Promise<void> {
    const { stage, driver, model, metrics, evaluation, written } = open;
    const { step, tokens, set, preferences } = driver.training;
    const { store } = this;
    if (step > 0) await metrics.write();
    if (set) await writeSet(store, stage.name, set.pairs);
    if (preferences) await writePairs(store, stage.name, preferences.pairs);
    const done: Done = {
      name: stage.name,
      steps: step,
      tokens,
      seconds: driver.seconds,
      ...(evaluation && { evaluation }),
      ...(set && { rejection: set.report }),
      ...(preferences && { preferences: preferences.report }),
      ...(written.length > 0 && { written }),
    };
    if (evaluation || madeBy(stage) === 'grader')
      await writeFiles(store, stage.name, await modelFiles(this.runtime, model, this.#card(open, done)));
    await this.close();
    await this.#add(done);
    await store.clearState(stage.name);
  }

  async #measure(name: string, model: LanguageModel): Promise<Evaluation> {
    const { pipeline } = this.#record;
    const task = getTask(pipeline.task);
    const { problems: count } = pipeline.evaluation;
    const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
    const problems: Problem[] = drawProblems(task, difficulty, 'held-out', pipeline.seed, count);
    model.generation = generationOf(pipeline.evaluation);
    const { maxNewTokens } = model.generation;
    const generator = questionGenerator(this.runtime, model, Math.min(EVALUATION_BATCH, count), maxNewTokens);
    try {
      const onProgress = (done: number, total: number) => this.#emit({ type: 'evaluating', name, done, total });
      const sampling = samplingOf(model);
      const { seed } = pipeline;
      return await evaluate(this.runtime, model, generator, task, problems, sampling, seed, onProgress);
    } finally {
      await generator.destroy();
    }
  }

  async #add(done: Done): Promise<void> {
    this.#record = withDone(this.#record, done);
    await writeRecord(this.store, this.#record);
    this.#emit({ type: 'checkpointDone', done });
  }

  #card({ stage, model, seed }: OpenStage, { evaluation, seconds, steps, tokens }: Done): string {
    const { pipeline, command, device } = this.#record;
    const place = `${pipeline.stages.indexOf(stage) + 1} of ${pipeline.stages.length}`;
    const task = getTask(pipeline.task);
    return modelCard({
      task: pipeline.task,
      example: task.examples[0] as string,
      difficulty: toldDifficulty(task.dials, pipeline.difficulty),
      name: `${pipeline.name}-${stage.name}`,
      summary:
        `Stage ${place} (${stage.kind}) of the pipeline ${pipeline.name} on ${pipeline.task}. ${stage.summary}`.trim(),
      model: model.folder.description,
      ...('from' in stage && { baseModel: stage.from }),
      command,
      generation: model.generation,
      evaluation: evaluation && {
        ...evaluation,
        meanThinkingTokens: evaluation.mean_thinking_tokens,
      },
      rows: [
        ['steps', String(steps)],
        ['tokens', String(tokens)],
      ],
      settings: { ...stage, seed, difficulty: pipeline.difficulty },
      device,
      seconds,
    });
  }

  #emit(event: PipelineEvent): void {
    this.options.onEvent?.(event);
  }
}

const budgetOf = (stage: Stage) => ('token_budget' in stage ? stage.token_budget : undefined);

function standingOf({ stage, driver }: OpenStage): Standing {
  const { step, total } = driver.training;
  return { stage, step, total, share: driver.share };
}
