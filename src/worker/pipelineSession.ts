// The pipelines as the page drives them: one at a time, bit by bit on the engine's lane, until done or stopped.
import type { FileSource, ModelFolder } from '../checkpoint/folder';
import { mapSource, zipFolder } from '../checkpoint/sources';
import type { Runtime } from '../engine/runtime';
import { describeError, SoliloquyError } from '../lib/errors';
import type { RunLocks } from '../storage/runLocks';
import { readMetrics } from '../trainer/pipeline/metricsFile';
import type { Pipeline } from '../trainer/pipeline/pipeline';
import { allPipelines, getPipeline } from '../trainer/pipeline/ready';
import { findRecord } from '../trainer/pipeline/record';
import { type PipelineEvent, PipelineRunner } from '../trainer/pipeline/runner';
import type { Lane } from './lane';
import type { PipelineShelf } from './pipelineShelf';
import { presentPipeline } from './presentPipeline';
import type { EngineEvent, PipelineProgress, PipelineRun, Problem, StepMetrics } from './protocol';

/** A command that does not fit the pipelines there are. */
export class PipelineSessionError extends SoliloquyError {}

export interface PipelineServices {
  readonly lane: Lane;
  readonly locks: RunLocks;
  readonly shelf: PipelineShelf;
  /** Throws where there is no device. */
  runtime(): Runtime;
  /** A shipped model by its name. */
  readInput(name: string): Promise<ModelFolder>;
  emit(event: EngineEvent): void;
}

/** Steps between two saves of a stage under way. */
const SAVE_EVERY = 10;

const lockOf = (name: string) => `pipeline-${name}`;

/** A ready pipeline by its own name, full or mini. Throws UnknownPipelineError. */
function findReady(name: string): Pipeline {
  return allPipelines(true).find((pipeline) => pipeline.name === name) ?? getPipeline(name);
}

/** What makes it again. */
function commandOf({ name, seed }: Pipeline): string {
  const short = name.replace(/-mini$/, '');
  return `npm run cli -- pipeline ${short} ${short === name ? '' : '--mini '}--seed ${seed} --out runs/${name}`;
}

export class PipelineSession {
  /** The name of the one that runs. */
  #name: string | undefined;
  #isStopWanted = false;
  #loop: Promise<PipelineRun> | undefined;

  constructor(private readonly services: PipelineServices) {}

  /** The name of the pipeline that runs; undefined while none does. */
  get running(): string | undefined {
    return this.#name;
  }

  async list(): Promise<PipelineRun[]> {
    const { shelf, locks } = this.services;
    const taken = await locks.listTaken();
    const runs: PipelineRun[] = [];
    for (const ready of [...allPipelines(), ...allPipelines(true)]) {
      const { name } = ready;
      const isElsewhere = taken.has(lockOf(name)) && name !== this.#name;
      try {
        const record = await findRecord(shelf.storeOf(name));
        if (!record) continue;
        const { pipeline, done } = record;
        const isDone = done.length === pipeline.inputs.length + pipeline.stages.length;
        const status = name === this.#name ? 'running' : isDone ? 'finished' : 'stopped';
        runs.push({ pipeline: presentPipeline(pipeline), done, status, isElsewhere });
      } catch (error) {
        // A record that cannot be read stands in the list, so that it can be deleted.
        const problem = describeError(error);
        runs.push({ pipeline: presentPipeline(ready), done: [], status: 'failed', problem, isElsewhere });
      }
    }
    return runs;
  }

  /** Begins a pipeline, or goes on with the one of its name; resolves when it runs. */
  async run(name: string): Promise<PipelineRun> {
    if (this.#name !== undefined) throw new PipelineSessionError(`${this.#name} is running.`, 'Stop it first.');
    this.#name = name;
    this.#isStopWanted = false;
    let giveBack: (() => void) | undefined;
    try {
      giveBack = await this.#take(name);
      const runner = await this.services.lane.run(() => this.#open(name));
      const run = presentRun(runner, 'running');
      this.services.emit({ type: 'pipelineChanged', run });
      this.#loop = this.#drive(runner, giveBack);
      return run;
    } catch (error) {
      this.#name = undefined;
      giveBack?.();
      throw error;
    }
  }

  /** Resolves when the current step is over and saved. */
  async stop(): Promise<PipelineRun> {
    this.#isStopWanted = true;
    if (!this.#loop) throw new PipelineSessionError('No pipeline is running.', 'Run one, or go on with one.');
    return this.#loop;
  }

  async delete(name: string): Promise<void> {
    if (name === this.#name) throw new PipelineSessionError(`${name} is running.`, 'Stop it to delete it.');
    const giveBack = await this.#take(name);
    try {
      await this.services.shelf.delete(name);
    } finally {
      giveBack();
    }
  }

  steps(name: string, stage: string): Promise<readonly StepMetrics[]> {
    return readMetrics(this.services.shelf.storeOf(name), stage);
  }

  /** A checkpoint's folder. Throws PipelineSessionError where there is none. */
  async source(name: string, checkpoint: string): Promise<FileSource> {
    return mapSource(`${name}/${checkpoint}`, await this.#filesOf(name, checkpoint));
  }

  async zip(name: string, checkpoint: string): Promise<Uint8Array> {
    return zipFolder(await this.#filesOf(name, checkpoint), `${name}-${checkpoint}`);
  }

  async #filesOf(name: string, checkpoint: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const files = await this.services.shelf.filesOf(name, checkpoint);
    if (files.size > 0) return files;
    throw new PipelineSessionError(`${name} has no ${checkpoint} here.`, 'Choose a checkpoint that is done.');
  }

  async #take(name: string): Promise<() => void> {
    const giveBack = await this.services.locks.take(lockOf(name));
    if (giveBack) return giveBack;
    throw new PipelineSessionError(
      `${name} is open in another tab of this browser.`,
      'Go on there, or close that tab.',
    );
  }

  async #open(name: string): Promise<PipelineRunner> {
    const { shelf, readInput } = this.services;
    const store = shelf.storeOf(name);
    const options = { saveEvery: SAVE_EVERY, onEvent: this.#teller(name) };
    if (await findRecord(store)) return PipelineRunner.resume(this.services.runtime(), store, options);
    const pipeline = findReady(name);
    const inputs = new Map<string, ModelFolder>();
    for (const input of pipeline.inputs) inputs.set(input, await readInput(input));
    const runtime = this.services.runtime();
    return PipelineRunner.begin(runtime, pipeline, inputs, store, commandOf(pipeline), options);
  }

  /** Works until done, stopped or failed, then gives the pipeline back for other tabs to open. Never rejects. */
  async #drive(runner: PipelineRunner, giveBack: () => void): Promise<PipelineRun> {
    const { lane, emit } = this.services;
    let run: PipelineRun;
    try {
      while (!runner.isDone && !this.#isStopWanted) {
        const before = runner.record;
        await lane.run(() => runner.advance());
        if (runner.record !== before) emit({ type: 'pipelineChanged', run: presentRun(runner, 'running') });
      }
      await lane.run(() => runner.pause());
      run = presentRun(runner, runner.isDone ? 'finished' : 'stopped');
    } catch (error) {
      run = presentRun(runner, 'failed', describeError(error));
      // Not awaited: on a lost device it may never end.
      void lane.run(() => runner.close()).catch(() => undefined);
    }
    this.#name = undefined;
    this.#loop = undefined;
    giveBack();
    emit({ type: 'pipelineChanged', run });
    return run;
  }

  /** Tells the page what the runner tells, and how long a stage will take. */
  #teller(pipeline: string): (event: PipelineEvent) => void {
    const { emit } = this.services;
    const progress = (now: PipelineProgress) => emit({ type: 'pipelineProgressed', pipeline, progress: now });
    let start = { ms: 0, share: 0 };
    return (event) => {
      switch (event.type) {
        case 'stageOpened': {
          const { stage, step, total, share } = event;
          start = { ms: performance.now(), share };
          progress({ name: stage.name, phase: 'training', done: step, total, share });
          return;
        }
        case 'stepFinished': {
          const { stage, step, total, share, metrics } = event;
          const pace = (performance.now() - start.ms) / Math.max(share - start.share, Number.EPSILON);
          if (metrics) emit({ type: 'stageStepped', pipeline, stage: stage.name, step: { step, metrics } });
          progress({ name: stage.name, phase: 'training', done: step, total, share, leftMs: pace * (1 - share) });
          return;
        }
        case 'evaluating':
          progress({ name: event.name, phase: 'measuring', done: event.done, total: event.total, share: 1 });
          return;
        case 'checkpointDone':
          return;
        default:
          event satisfies never;
      }
    };
  }
}

function presentRun({ record }: PipelineRunner, status: PipelineRun['status'], problem?: Problem): PipelineRun {
  const { pipeline, done } = record;
  return { pipeline: presentPipeline(pipeline), done, status, isElsewhere: false, ...(problem && { problem }) };
}
