// The opened engine: what its commands share. It outlives its device: once that is lost, another can be connected.
import type { Runtime } from '../engine/runtime';
import { describeError } from '../lib/errors';
import { SessionError } from '../protocol/command';
import type { EngineEvent } from '../protocol/protocol';
import type { RunLocks } from '../storage/runLocks';
import { ActiveModel } from './activeModel';
import { EventBatcher } from './eventBatcher';
import { Lane } from './lane';
import { ModelSources } from './modelSources';
import { PipelineSession } from './pipelineSession';
import { createPipelineShelf } from './pipelineShelf';
import type { RunServices } from './runServices';
import type { Stores } from './stores';

export class Engine {
  readonly lane = new Lane();
  readonly active: ActiveModel;
  readonly sources: ModelSources;
  readonly pipelines: PipelineSession;
  #events = new EventBatcher(() => {});
  #runtime: Runtime | undefined;

  /** @param baseUrl where the page's files are. @param locks keep two tabs from going on with one run. */
  constructor(
    readonly stores: Stores,
    readonly locks: RunLocks,
    baseUrl: URL,
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
    this.sources = new ModelSources(baseUrl, stores, () => this.pipelines, this.emit);
    this.pipelines = new PipelineSession({
      lane: this.lane,
      locks,
      shelf: createPipelineShelf(stores.files, stores.checkpoints),
      runtime: () => this.runtime,
      listInputs: async () => (await this.sources.shippedModels()).map(({ id }) => id),
      readInput: (id) => this.sources.shippedFolder(id),
      emit: this.emit,
    });
  }

  /** Computes on a device from now on, and tells its events to a page. */
  connect(runtime: Runtime, onEvents: (batch: readonly EngineEvent[]) => void): void {
    this.#events = new EventBatcher(onEvents);
    this.#runtime = runtime;
    void runtime.device.lost.then((error) => {
      if (this.#runtime !== runtime) return;
      this.#runtime = undefined;
      this.active.forget();
      this.emit({ type: 'deviceLost', error: describeError(error) });
    });
  }

  /** Throws SessionError once the device is lost. */
  get runtime(): Runtime {
    if (!this.#runtime) throw new SessionError('There is no graphics device.', 'Reload the page.');
    return this.#runtime;
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
