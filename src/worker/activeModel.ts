// The model that is loaded, with what answers by it and the run that trains it. There is one of it: a new model takes its place
// whole, and the run that trained the old one is left.
import { type LanguageModel, toFolder } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { SessionError } from '../protocol/command';
import type { Lineage } from '../protocol/lineage';
import type { EngineEvent, ModelInfo } from '../protocol/protocol';
import type { RunLocks } from '../storage/runLocks';
import { Asker } from './asker';
import type { Lane } from './lane';
import { presentModel } from './present';
import type { Runner } from './runner';

interface ActiveModelServices {
  /** Throws where there is no device. */
  readonly runtime: Runtime;
  readonly lane: Lane;
  readonly locks: RunLocks;
  readonly emit: (event: EngineEvent) => void;
}

interface Loaded {
  readonly model: LanguageModel;
  readonly asker: Asker;
  lineage: Lineage;
  /** Its card, once the run that trained it was left. */
  card?: string | undefined;
}

interface OpenRun {
  readonly runner: Runner;
  /** Lets other tabs open it. */
  readonly unlock: () => void;
}

export class ActiveModel {
  #loaded: Loaded | undefined;
  #run: OpenRun | undefined;

  constructor(private readonly services: ActiveModelServices) {}

  get #held(): Loaded {
    if (!this.#loaded) throw new SessionError('No model is loaded.', 'Load a model first.');
    return this.#loaded;
  }

  get isLoaded(): boolean {
    return this.#loaded !== undefined;
  }

  /** Throws SessionError where none is loaded, as whatever asks for a part of it does. */
  get model(): LanguageModel {
    return this.#held.model;
  }

  get asker(): Asker {
    return this.#held.asker;
  }

  /** Ends the answer under way, if there is one. */
  async stopAnswer(): Promise<void> {
    this.#loaded?.asker.stop();
  }

  get lineage(): Lineage {
    return this.#held.lineage;
  }

  set lineage(lineage: Lineage) {
    this.#held.lineage = lineage;
  }

  /** Its card, which is its own from the moment that a run trains it. */
  get #readme(): string | undefined {
    return this.#run?.runner.card ?? this.#held.card ?? this.model.folder.readme;
  }

  present(): ModelInfo {
    return presentModel(this.model, this.lineage, this.#readme);
  }

  /** The model as it is now. */
  async folder(): Promise<ModelFolder> {
    return { ...(await toFolder(this.services.runtime, this.model)), readme: this.#readme };
  }

  /** Puts a model, which is on the device already, in the place of the one before, which is freed. */
  async replace(model: LanguageModel, lineage: Lineage): Promise<void> {
    const { emit, runtime } = this.services;
    emit({ type: 'modelLoadProgressed', stage: 'compile', done: 0, total: 1 });
    const asker = await this.prepare(runtime, model);
    const before = this.#loaded;
    const runner = this.#leaveRun();
    this.#loaded = { model, asker, lineage };
    await free(before, runner);
    emit({ type: 'modelLoadProgressed', stage: 'compile', done: 1, total: 1 });
  }

  /** What answers by a model on a device, ready to. */
  async prepare(runtime: Runtime, model: LanguageModel): Promise<Asker> {
    const asker = new Asker(runtime, model);
    await asker.warmUp();
    return asker;
  }

  /** Puts the same model, as it was prepared on another device, in the place of the one before, which is freed. */
  async moveTo(model: LanguageModel, asker: Asker): Promise<void> {
    const runner = this.#leaveRun();
    const before = this.#held;
    asker.remember(before.asker);
    this.#loaded = { ...before, model, asker };
    await free(before, runner);
  }

  /** The run that trains the model; undefined: none does. */
  get openRunner(): Runner | undefined {
    return this.#run?.runner;
  }

  /** The run that trains the model. Throws SessionError where there is none. */
  get runner(): Runner {
    if (!this.#run) throw new SessionError('There is no run.', 'Start a run, or open a stored one.');
    return this.#run.runner;
  }

  /** Makes a run's runner while no other tab has the run; undefined, and nothing made, if one has. */
  async takeRun(runId: string, create: () => Promise<Runner>): Promise<Runner | undefined> {
    const unlock = await this.services.locks.take(runId);
    if (unlock === undefined) return undefined;
    try {
      const runner = await create();
      this.#run = { runner, unlock };
      return runner;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  /** Leaves the run, if there is one, for other tabs to open, and frees what it holds on the device. */
  async closeRun(): Promise<void> {
    const runner = this.#leaveRun();
    if (runner) await this.services.lane.run(() => runner.releaseTrainer());
  }

  /** The runner still holds what it has on the device. */
  #leaveRun(): Runner | undefined {
    const run = this.#run;
    if (!run) return undefined;
    if (this.#loaded) this.#loaded.card = run.runner.card;
    this.#run = undefined;
    run.runner.stopComparing();
    run.unlock();
    return run.runner;
  }

  /** With the device everything on it is gone. */
  forget(): void {
    this.#leaveRun();
    this.#loaded = undefined;
  }

  /** Throws SessionError while the run trains. @param what cannot be done meanwhile. */
  assertNotTraining(what: string): void {
    const runner = this.openRunner;
    if (runner?.isRunning) throw new SessionError(`${runner.record.name} is training.`, `Pause or stop it to ${what}.`);
  }
}

/** Frees what was loaded and the run that trained it. */
async function free(loaded: Loaded | undefined, runner: Runner | undefined): Promise<void> {
  await loaded?.asker.destroy();
  await runner?.releaseTrainer();
  loaded?.model.weights.destroy();
}
