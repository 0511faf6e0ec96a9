// The pipelines as the page drives them: one at a time, bit by bit on the engine's lane, until done or stopped.

import type { Runtime } from '../engine/runtime';
import type { FileSource } from '../formats/huggingface/fileSource';
import { mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { zipFolder } from '../formats/huggingface/zipSource';
import { describeError, SoliloquyError } from '../lib/errors';
import { cliCommand } from '../lib/shell';
import type { EngineEvent, PipelineProgress, PipelineRun, StepMetrics } from '../protocol/protocol';
import { readMetrics } from '../runs/metricsFile';
import { type Pipeline, parsePipelineFile, pipelineFile } from '../runs/pipeline';
import { findRecord } from '../runs/pipelineRecord';
import { type PipelineEvent, PipelineRunner } from '../runs/pipelineRunner';
import { readText, writeText } from '../runs/pipelineStore';
import { allPipelines, getPipeline } from '../runs/ready';
import type { RunLocks } from '../storage/runLocks';
import type { Lane } from './lane';
import type { PipelineShelf } from './pipelineShelf';
import { presentPipeline, presentRecord } from './presentPipeline';

/** A command that does not fit the pipelines there are. */
export class PipelineSessionError extends SoliloquyError {
  readonly code = 'pipeline_not_now';
}

export interface PipelineServices {
  readonly lane: Lane;
  readonly locks: RunLocks;
  readonly shelf: PipelineShelf;
  /** Throws where there is no device. */
  runtime(): Runtime;
  /** Names of the models that a pipeline may start from: the shipped ones, and the loaded one. */
  listInputs(): Promise<readonly string[]>;
  /** One of them by its name. Throws where there is none. */
  readInput(name: string): Promise<ModelFolder>;
  emit(event: EngineEvent): void;
}

/** Steps between two saves of a stage under way. */
const SAVE_EVERY = 10;

/** The lock of a pipeline among those of runs. */
export const lockOf = (name: string) => `pipeline-${name}`;

const RENAME = 'Give the pipeline in the file another name.';

/** In a pipeline's store: the pipeline as its file had it, for one that did not come with the page. */
const FILE = 'given.json';

/** Those that come with the page, full and mini. */
const readyOnes = (): Pipeline[] => [...allPipelines(), ...allPipelines(true)];

/** What makes it again. */
function commandOf({ name, seed }: Pipeline): string {
  const isReady = readyOnes().some((ready) => ready.name === name);
  const short = name.replace(/-mini$/, '');
  const what = !isReady ? [`${name}.json`] : short === name ? [name] : [short, '--mini'];
  return cliCommand('pipeline', ...what, '--seed', `${seed}`, '--out', `runs/${name}`);
}

export class PipelineSession {
  /** The name of the one that runs. */
  #name: string | undefined;
  /** The one stage of it that is wanted, if not all are. */
  #only: string | undefined;
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
    for (const name of await shelf.names()) {
      const isElsewhere = taken.has(lockOf(name)) && name !== this.#name;
      const run = await this.#look(name);
      if (run) runs.push({ ...run, isElsewhere });
    }
    return runs;
  }

  /** Undefined if it was neither begun nor given. */
  async #look(name: string): Promise<PipelineRun | undefined> {
    let given: Pipeline | undefined;
    try {
      given = await this.#findGiven(name);
      const record = await findRecord(this.services.shelf.storeOf(name));
      if (record) return presentRecord(record, name === this.#name ? { status: 'running', only: this.#only } : {});
      return given && presentRecord({ pipeline: given, done: [] }, { status: 'new' });
    } catch (error) {
      // What cannot be read stands in the list, so that it can be deleted.
      const evaluation = { problems: 0, temperature: 1 };
      const nothing = { name, summary: '', task: '', inputs: [], evaluation, stages: [] };
      const pipeline = given ?? readyOnes().find((ready) => ready.name === name);
      return {
        pipeline: pipeline ? presentPipeline(pipeline) : nothing,
        done: [],
        next: undefined,
        status: 'failed',
        problem: describeError(error),
        isElsewhere: false,
      };
    }
  }

  /** Takes a pipeline from its file. Throws PipelineError, or PipelineSessionError where its name is another's. */
  async open(text: string, fileName: string): Promise<PipelineRun> {
    const pipeline = parsePipelineFile(text, fileName);
    const { name } = pipeline;
    const file = pipelineFile(pipeline);
    const found = await this.#look(name);
    const ready = readyOnes().find((other) => other.name === name);
    if (ready && pipelineFile(ready) === file) return found ?? presentRecord({ pipeline, done: [] }, { status: 'new' });
    if (ready) {
      throw new PipelineSessionError(`A pipeline that comes with the page is named ${name}.`, RENAME);
    }
    if (found && (found.status !== 'new' || found.isElsewhere)) {
      if (found.status !== 'failed' && (await this.file(name)) === file) return found;
      throw new PipelineSessionError(
        `A pipeline named ${name} was begun here already.`,
        `Delete that one. Or: ${RENAME}`,
      );
    }
    const inputs = await this.services.listInputs();
    const missing = pipeline.inputs.find((input) => !inputs.includes(input));
    if (missing !== undefined) {
      throw new PipelineSessionError(
        `${name} starts from the model ${missing}, which the page does not have.`,
        `Start it from one of: ${inputs.join(', ')}; or from random weights.`,
      );
    }
    await writeText(this.services.shelf.storeOf(name), FILE, file);
    return presentRecord({ pipeline, done: [] }, { status: 'new' });
  }

  /** The text of a pipeline's file: as it was begun, as it was given, or as it comes with the page. */
  async file(name: string): Promise<string> {
    const record = await findRecord(this.services.shelf.storeOf(name));
    return pipelineFile(record?.pipeline ?? (await this.#getPipeline(name)));
  }

  async #findGiven(name: string): Promise<Pipeline | undefined> {
    const text = await readText(this.services.shelf.storeOf(name), FILE);
    return text === undefined ? undefined : parsePipelineFile(text, name);
  }

  /** A pipeline as it would be begun. Throws UnknownPipelineError. */
  async #getPipeline(name: string): Promise<Pipeline> {
    const ready = readyOnes().find((pipeline) => pipeline.name === name);
    return ready ?? (await this.#findGiven(name)) ?? getPipeline(name);
  }

  /** Begins a pipeline, or goes on with the one of its name; resolves when it runs. @param only a stage: until it is done. */
  async run(name: string, only?: string): Promise<PipelineRun> {
    if (this.#name !== undefined) throw new PipelineSessionError(`${this.#name} is running.`, 'Stop it first.');
    this.#name = name;
    this.#only = only;
    this.#isStopWanted = false;
    let release: (() => void) | undefined;
    try {
      release = await this.#take(name);
      const runner = await this.services.lane.run(() => this.#open(name, only));
      const run = presentRecord(runner.record, { status: 'running', only });
      this.services.emit({ type: 'pipelineChanged', run });
      this.#loop = this.#drive(runner, release);
      return run;
    } catch (error) {
      this.#name = undefined;
      release?.();
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
    const release = await this.#take(name);
    try {
      await this.services.shelf.delete(name);
    } finally {
      release();
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
    const release = await this.services.locks.take(lockOf(name));
    if (release) return release;
    throw new PipelineSessionError(
      `${name} is open in another tab of this browser.`,
      'Go on there, or close that tab.',
    );
  }

  async #open(name: string, only: string | undefined): Promise<PipelineRunner> {
    const { shelf, readInput } = this.services;
    const store = shelf.storeOf(name);
    const options = { saveEvery: SAVE_EVERY, only, onEvent: this.#reporter(name) };
    if (await findRecord(store)) return PipelineRunner.resume(this.services.runtime(), store, options);
    const pipeline = await this.#getPipeline(name);
    const inputs = new Map<string, ModelFolder>();
    for (const input of pipeline.inputs) inputs.set(input, await readInput(input));
    const runtime = this.services.runtime();
    return PipelineRunner.begin(runtime, pipeline, inputs, store, commandOf(pipeline), options);
  }

  /** Works until done, stopped or failed, then gives the pipeline back for other tabs to open. Never rejects. */
  async #drive(runner: PipelineRunner, release: () => void): Promise<PipelineRun> {
    const { lane, emit } = this.services;
    let run: PipelineRun;
    try {
      while (!runner.isDone && !this.#isStopWanted) {
        const before = runner.record;
        await lane.run(() => runner.advance());
        if (runner.record === before) continue;
        emit({ type: 'pipelineChanged', run: presentRecord(runner.record, { status: 'running', only: this.#only }) });
      }
      await lane.run(() => runner.pause());
      run = presentRecord(runner.record);
    } catch (error) {
      run = presentRecord(runner.record, { status: 'failed', problem: describeError(error) });
      // Not awaited: on a lost device it may never end.
      void lane.run(() => runner.close()).catch(() => undefined);
    }
    this.#name = undefined;
    this.#loop = undefined;
    release();
    emit({ type: 'pipelineChanged', run });
    return run;
  }

  /** Tells the page what the runner tells, and how long a stage will take. */
  #reporter(pipeline: string): (event: PipelineEvent) => void {
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
        case 'answerWritten':
          emit({ type: 'answerWritten', pipeline, stage: event.stage.name, written: event.written });
          return;
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
