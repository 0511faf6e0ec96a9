// The opened engine: what its commands share. It outlives its device: once that is lost, another can be connected.
import type { DeviceReason, DeviceWish } from '../device/chooseDevice';
import { loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { describeError } from '../lib/errors';
import { SessionError } from '../protocol/command';
import type { DeviceInfo, EngineEvent } from '../protocol/protocol';
import type { RunLocks } from '../storage/runLocks';
import { ActiveModel } from './activeModel';
import { EventBatcher } from './eventBatcher';
import { Lane } from './lane';
import { ModelSources } from './modelSources';
import { PipelineSession } from './pipelineSession';
import { createPipelineShelf } from './pipelineShelf';
import { presentDeviceInfo } from './presentDevice';
import type { RunServices } from './runServices';
import type { Stores } from './stores';

/** A device to compute on, and why it was taken. */
export interface ChosenRuntime {
  readonly runtime: Runtime;
  readonly why: DeviceReason;
}

export class Engine {
  readonly lane = new Lane();
  readonly active: ActiveModel;
  readonly sources: ModelSources;
  readonly pipelines: PipelineSession;
  #events = new EventBatcher(() => {});
  #chosen: ChosenRuntime | undefined;

  /**
   * @param baseUrl where the page's files are. @param locks keep two tabs from going on with one run.
   * @param openRuntime opens the device that is wished for.
   */
  constructor(
    readonly stores: Stores,
    readonly locks: RunLocks,
    baseUrl: URL,
    private readonly openRuntime: (wish: DeviceWish) => Promise<ChosenRuntime>,
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

  /** Opens the device that is wished for, computes on it from now on, and tells its events to a page. */
  async connect(wish: DeviceWish, onEvents: (batch: readonly EngineEvent[]) => void): Promise<void> {
    const chosen = await this.openRuntime(wish);
    this.#events = new EventBatcher(onEvents);
    this.#computeOn(chosen);
  }

  #computeOn(chosen: ChosenRuntime): void {
    this.#chosen = chosen;
    void chosen.runtime.device.lost.then((error) => {
      if (this.#chosen !== chosen) return;
      this.#chosen = undefined;
      this.active.forget();
      this.emit({ type: 'deviceLost', error: describeError(error) });
    });
  }

  /** Moves to another device with the model as it is, after what is under way. The open run is left. */
  async moveTo(wish: DeviceWish): Promise<void> {
    const chosen = await this.openRuntime(wish);
    try {
      await this.active.closeRun();
      await this.lane.run(() => this.#move(chosen));
    } catch (error) {
      chosen.runtime.device.destroy();
      throw error;
    }
    this.emit({ type: 'deviceChanged', device: this.device });
  }

  async #move(chosen: ChosenRuntime): Promise<void> {
    const before = this.#connected;
    if (this.active.isLoaded) {
      const { model, lineage } = this.active;
      // Whole on the new device before the old one goes, so that a failure leaves that usable.
      const moved = await loadLanguageModel(chosen.runtime, model.name, await this.active.folder(), true);
      this.#computeOn(chosen);
      try {
        await this.active.replace(moved, lineage);
      } catch (error) {
        this.#chosen = before;
        throw error;
      }
    } else this.#computeOn(chosen);
    before.runtime.device.destroy();
  }

  /** Throws SessionError once the device is lost. */
  get #connected(): ChosenRuntime {
    if (!this.#chosen) throw new SessionError('There is no device to compute on.', 'Reload the page.');
    return this.#chosen;
  }

  get runtime(): Runtime {
    return this.#connected.runtime;
  }

  get device(): DeviceInfo {
    const { runtime, why } = this.#connected;
    return presentDeviceInfo(runtime.device, why);
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
