// The opened engine: what its commands share. It outlives its device: once that is lost, another can be connected.
import type { DeviceWish } from '../device/chooseDevice';
import type { Runtime } from '../engine/runtime';
import { SessionError } from '../protocol/command';
import { inputName, lineageName } from '../protocol/lineage';
import type { EngineEvent } from '../protocol/protocol';
import type { RunLocks } from '../storage/runLocks';
import { ActiveModel } from './activeModel';
import { Computing, type DeviceWays } from './computing';
import { EventBatcher } from './eventBatcher';
import { Lane } from './lane';
import { ModelShelf } from './modelShelf';
import { ModelSources } from './modelSources';
import { PipelineSession } from './pipelineSession';
import { createPipelineShelf } from './pipelineShelf';
import { ProblemShelf } from './problemShelf';
import type { RunServices } from './runServices';
import type { Stores } from './stores';

export class Engine {
  readonly lane = new Lane();
  readonly active: ActiveModel;
  readonly sources: ModelSources;
  readonly pipelines: PipelineSession;
  readonly computing: Computing;
  readonly problems: ProblemShelf;
  readonly kept: ModelShelf;
  #events = new EventBatcher(() => {});

  /**
   * @param baseUrl where the page's files are. @param locks keep two tabs from going on with one run.
   * @param devices the ways to what computes.
   */
  constructor(
    readonly stores: Stores,
    readonly locks: RunLocks,
    baseUrl: URL,
    devices: DeviceWays,
  ) {
    const engine = this;
    const services = {
      lane: this.lane,
      locks,
      emit: this.emit,
      get runtime() {
        return engine.runtime;
      },
    };
    this.active = new ActiveModel(services);
    this.computing = new Computing(devices, {
      lane: this.lane,
      active: () => this.active,
      emit: this.emit,
      assertIdle: (what) => this.assertIdle(what),
    });
    this.problems = new ProblemShelf(stores.problems, stores.runs);
    const shippedNames = async () => (await this.sources.shippedModels()).map(({ id }) => id);
    this.kept = new ModelShelf(stores.models, shippedNames);
    this.sources = new ModelSources(baseUrl, stores, this.kept, () => this.pipelines, this.emit);
    this.pipelines = new PipelineSession({
      lane: this.lane,
      locks,
      shelf: createPipelineShelf(stores.files, stores.checkpoints),
      runtime: () => this.runtime,
      listInputs: async () => [...(await shippedNames()), ...this.#loadedInput()],
      readInput: async (id) =>
        this.#loadedInput().includes(id) && !(await shippedNames()).includes(id)
          ? this.active.folder()
          : this.sources.shippedFolder(id),
      emit: this.emit,
    });
  }

  /** The name as an input of the model that is loaded: one of the reader's own may be the start of a pipeline. */
  #loadedInput(): readonly string[] {
    return this.active.isLoaded ? [inputName(lineageName(this.active.lineage))] : [];
  }

  /** Opens the device that is wished for, and tells events to a page. */
  async connect(wish: DeviceWish, onEvents: (batch: readonly EngineEvent[]) => void): Promise<void> {
    await this.computing.connect(wish);
    this.#events = new EventBatcher(onEvents);
  }

  /** Throws SessionError once the device is lost. */
  get runtime(): Runtime {
    return this.computing.chosen.runtime;
  }

  readonly emit = (event: EngineEvent): void => this.#events.emit(event);

  /** What a run needs. */
  get runServices(): RunServices {
    const { runtime, lane, emit } = this;
    const { runs: store, checkpoints, bases } = this.stores;
    return { runtime, lane, store, checkpoints, bases, emit };
  }

  /** Throws SessionError while a pipeline runs. @param what cannot be done meanwhile. */
  assertNoPipeline(what: string): void {
    const name = this.pipelines.running;
    if (name !== undefined) throw new SessionError(`The pipeline ${name} is running.`, `Stop it to ${what}.`);
  }

  /** Throws SessionError while a run trains or a pipeline runs. */
  assertIdle(what: string): void {
    this.active.assertNotTraining(what);
    this.assertNoPipeline(what);
  }
}
