// Runs a pipeline bit by bit: each `advance` measures an input, takes one step of a stage or finishes it. Whoever drives it
// (the CLI, the page's worker) decides between two of them what else to do; stopped anywhere and resumed, it makes the
// same weights.

import { type LanguageModel, loadLanguageModel, modelFiles, samplingOf } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { modelCard } from '../formats/huggingface/modelCard';
import { PURPOSE, pcg4d } from '../lib/rng';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import type { Problem } from '../tasks/task';
import { drawProblems, evaluate, questionGenerator } from '../trainer/evaluate';
import { type Ailing, vitalsOfJudged, WreckedRunError } from '../trainer/health';
import { initialFolder } from '../trainer/pretrain';
import type { SftPair } from '../trainer/sft';
import type { Training } from '../trainer/training';
import { checkLengths } from './lengths';
import { MetricsFile } from './metricsFile';
import { makesModel, needsOf, type Pipeline, PipelineError, type Stage } from './pipeline';
import { type PipelineStore, readCheckpoint, writeFiles } from './pipelineStore';
import {
  type Done,
  findRecord,
  type Measured,
  measured,
  newRecord,
  type PipelineRecord,
  toDo,
  withDone,
  writeRecord,
} from './record';
import { isSaveDue } from './saveSchedule';
import { readSet, writeSet } from './setFile';
import { packState, unpackState } from './snapshot';
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
  | ({ readonly type: 'stageOpened' } & Standing)
  | ({
      readonly type: 'stepFinished';
      /** Undefined for a step whose metrics come with a later one's. */
      readonly metrics: Readonly<Record<string, number>> | undefined;
    } & Standing)
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
  readonly run: Training;
  readonly model: LanguageModel;
  readonly teacher: LanguageModel | undefined;
  readonly metrics: MetricsFile;
  readonly seed: number;
  /** Wall time before it was opened, and since when. */
  readonly secondsBefore: number;
  readonly openedMs: number;
  /** Step of the state that is saved. */
  savedStep: number | undefined;
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
    if (!this.#open) {
      this.#open = await this.#openStage(stages[place] as Stage, place);
      // From its first moment a stage can be gone on with.
      if (!isOver(this.#open)) await this.#saveIfDue(this.#open);
    }
    return isOver(this.#open) ? this.#finish(this.#open) : this.#step(this.#open);
  }

  /** Saves the stage under way and frees what it holds on the device. `advance` would open it again. */
  async pause(): Promise<void> {
    if (!this.#open) return;
    await this.#save(this.#open);
    await this.close();
  }

  /** Frees what is held on the device, saving nothing. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    await open.run.destroy();
    open.model.weights.destroy();
    open.teacher?.weights.destroy();
  }

  async #measureInput(name: string): Promise<void> {
    const startMs = performance.now();
    const model = await this.#load(name, false);
    const evaluation = await this.#measure(name, model);
    model.weights.destroy();
    await this.#add({ name, steps: 0, tokens: 0, seconds: (performance.now() - startMs) / 1000, evaluation });
  }

  async #openStage(stage: Stage, place: number): Promise<OpenStage> {
    const { runtime, store } = this;
    const { pipeline } = this.#record;
    const seed = stageSeed(pipeline.seed, place);
    const state = await store.loadState(stage.name);
    const saved = state && (await unpackState(stage.name, state));
    const sets = new Map<string, readonly SftPair[]>();
    for (const set of needsOf(stage).sets) sets.set(set, await readSet(store, set));
    const model = saved?.model
      ? await loadLanguageModel(runtime, stage.name, saved.model, true)
      : await this.#startingModel(stage, seed);
    const teacher = stage.kind === 'distil' ? await this.#load(stage.teacher, false) : undefined;
    const task = getTask(pipeline.task);
    const run = await openStage(stage, {
      runtime,
      model,
      teacher,
      task,
      difficulty: completeDifficulty(task.dials, pipeline.difficulty),
      seed,
      pairsOf: (set) => sets.get(set) ?? [],
    });
    if (saved) run.restore(saved.memory);
    const metrics = await MetricsFile.open(store, stage.name, run.step);
    const times = { secondsBefore: saved?.seconds ?? 0, openedMs: performance.now() };
    const open = { stage, run, model, teacher, metrics, seed, savedStep: saved && run.step, ...times };
    this.#emit({ type: 'stageOpened', ...standingOf(open) });
    return open;
  }

  async #startingModel(stage: Stage, seed: number): Promise<LanguageModel> {
    // Rejection sampling names the model that answers as the source of its texts.
    if (stage.kind === 'reject') return this.#load(stage.from, false);
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

  async #step(open: OpenStage): Promise<void> {
    const { run, metrics } = open;
    const found = await run.run();
    if (found) metrics.add(run.step, found);
    this.#emit({ type: 'stepFinished', metrics: found, ...standingOf(open) });
    const ailing = run.health?.ailing;
    if (ailing?.stepsLeft === 0) await this.#giveUp(open, ailing);
    // Wrecked weights must not take the place of good ones.
    if (ailing) return;
    // What comes after the last step takes long: the stage is kept before it.
    if (isOver(open) && run.step !== open.savedStep) await this.#save(open);
    else await this.#saveIfDue(open);
  }

  async #saveIfDue(open: OpenStage): Promise<void> {
    if (isSaveDue(open.run.step, open.savedStep, this.options.saveEvery)) await this.#save(open);
  }

  async #giveUp({ stage, run }: OpenStage, ailing: Ailing): Promise<never> {
    const kept = await this.store.dropStatesAfter(stage.name, run.health?.goodStep ?? -1);
    const remedy = `Give the stage ${stage.name} a lower learning_rate in the pipeline's file, and begin that pipeline under another name.`;
    throw new WreckedRunError(ailing, kept, remedy, remedy);
  }

  async #save(open: OpenStage): Promise<void> {
    if (open.run.health?.ailing) return;
    const { stage, run, model, metrics, ...times } = open;
    await metrics.write();
    const memory = await run.remember();
    const files = model.weights.isTrained ? await modelFiles(this.runtime, model) : new Map<string, Uint8Array>();
    const saved = { step: run.step, seconds: secondsOf(times), memory };
    await this.store.saveState(stage.name, packState(saved, files));
    open.savedStep = saved.step;
  }

  /** Writes what the stage made, measures it and puts it into the record. */
  async #finish(open: OpenStage): Promise<void> {
    const { stage, run, model, metrics } = open;
    const { store } = this;
    if (run.step > 0) await metrics.write();
    if (run.set) await writeSet(store, stage.name, run.set.pairs);
    const evaluation = makesModel(stage) ? await this.#measure(stage.name, model, run) : undefined;
    if (run.health?.ailing) await this.#giveUp(open, run.health.ailing);
    const done: Done = {
      name: stage.name,
      steps: run.step,
      tokens: run.tokens,
      seconds: secondsOf(open),
      ...(evaluation && { evaluation }),
      ...(run.set && { rejection: run.set.report }),
    };
    if (evaluation) await writeFiles(store, stage.name, await modelFiles(this.runtime, model, this.#card(open, done)));
    await this.close();
    await this.#add(done);
    await store.clearState(stage.name);
  }

  async #measure(name: string, model: LanguageModel, run?: Training): Promise<Measured> {
    const { pipeline } = this.#record;
    const task = getTask(pipeline.task);
    const { problems: count, max_completion_length, temperature } = pipeline.evaluation;
    const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
    const problems: Problem[] = drawProblems(task, difficulty, 'held-out', pipeline.seed, count);
    const generator = questionGenerator(this.runtime, model, Math.min(EVALUATION_BATCH, count), max_completion_length);
    model.generation = { temperature, topP: 1, topK: 0, maxNewTokens: max_completion_length };
    try {
      const onProgress = (done: number, total: number) => this.#emit({ type: 'evaluating', name, done, total });
      const sampling = samplingOf(model);
      const { seed } = pipeline;
      const found = await evaluate(this.runtime, model, generator, task, problems, sampling, seed, onProgress);
      run?.health?.observeEvaluation(run.step, vitalsOfJudged(found.answers), true);
      return measured(found);
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
      difficulty: completeDifficulty(task.dials, pipeline.difficulty),
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

function secondsOf({ secondsBefore, openedMs }: Pick<OpenStage, 'secondsBefore' | 'openedMs'>): number {
  return secondsBefore + (performance.now() - openedMs) / 1000;
}

function standingOf({ stage, run }: OpenStage): Standing {
  const { step, total } = run;
  const budget = 'token_budget' in stage ? stage.token_budget : undefined;
  const share = Math.min(1, Math.max(total > 0 ? step / total : 1, budget === undefined ? 0 : run.tokens / budget));
  return { stage, step, total, share };
}

function isOver(open: OpenStage): boolean {
  return standingOf(open).share >= 1;
}
