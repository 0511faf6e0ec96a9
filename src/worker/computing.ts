// What the engine computes on: the device that is there first, then the one of the rule, or another that the reader chooses. The
// loaded model moves with it, between two pieces of work.
import type { DeviceReason, DeviceWish } from '../device/chooseDevice';
import { DeviceSilentError } from '../device/errors';
import { type LanguageModel, loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { describeError } from '../lib/errors';
import { SessionError } from '../protocol/command';
import type { DeviceInfo, EngineEvent } from '../protocol/protocol';
import type { ActiveModel } from './activeModel';
import type { Asker } from './asker';
import type { Lane } from './lane';
import { presentDeviceInfo } from './presentDevice';

/** A device to compute on, and why it was taken. */
export interface ChosenRuntime {
  readonly runtime: Runtime;
  readonly why: DeviceReason;
}

/** The device that is there first; `settle` gives the one of the rule, which may be the same. */
export interface FirstRuntime extends ChosenRuntime {
  readonly settle?: () => Promise<ChosenRuntime>;
}

export interface DeviceWays {
  openFirst(wish: DeviceWish): Promise<FirstRuntime>;
  open(wish: DeviceWish): Promise<ChosenRuntime>;
}

interface ComputingServices {
  readonly lane: Lane;
  readonly active: () => ActiveModel;
  readonly emit: (event: EngineEvent) => void;
  /** Throws SessionError while something trains. */
  assertIdle(what: string): void;
}

/** The loaded model on another device, ready to answer there. */
interface Prepared {
  /** Where it was. */
  readonly of: LanguageModel;
  readonly model: LanguageModel;
  readonly asker: Asker;
}

/** A graphics device that is not open by then is done without. */
const SETTLE_LIMIT_MS = 20_000;

const MOVE = 'compute on another device';

export class Computing {
  #chosen: FirstRuntime | undefined;
  #settling: Promise<void> | undefined;

  constructor(
    private readonly ways: DeviceWays,
    private readonly services: ComputingServices,
  ) {}

  /** Opens the device that is wished for, or the one that is there first. */
  async connect(wish: DeviceWish): Promise<void> {
    this.#computeOn(await this.ways.openFirst(wish));
    this.#settling = undefined;
  }

  /** Throws SessionError once the device is lost. */
  get chosen(): ChosenRuntime {
    if (!this.#chosen) throw new SessionError('There is no device to compute on.', 'Reload the page.');
    return this.#chosen;
  }

  get device(): DeviceInfo {
    const { runtime, why } = this.chosen;
    return presentDeviceInfo(runtime.device, why);
  }

  /**
   * Moves to the device of the rule, if that is not the one that was there first. Does its work once, and never rejects: where
   * that device fails, the first one stays. What takes long waits for it.
   */
  settle(): Promise<void> {
    this.#settling ??= this.#settle();
    return this.#settling;
  }

  /** Moves to the device that is wished for. Where that fails, nothing is changed. */
  async moveTo(wish: DeviceWish): Promise<void> {
    await this.settle();
    this.services.assertIdle(MOVE);
    await this.#move(await this.ways.open(wish));
  }

  async #settle(): Promise<void> {
    const first = this.#chosen;
    if (!first?.settle) return;
    try {
      const chosen = await inTime(first.settle());
      if (this.#chosen !== first) this.#giveUp(chosen);
      else if (chosen.runtime === first.runtime) this.#explain(first, chosen.why);
      else await this.#move(chosen);
    } catch (error) {
      this.#explain(first, { kind: 'noGpu', fault: describeError(error).userMessage });
    }
  }

  #explain({ runtime }: ChosenRuntime, why: DeviceReason): void {
    if (this.#chosen?.runtime !== runtime) return;
    this.#chosen = { runtime, why };
    this.services.emit({ type: 'deviceChanged', device: this.device });
  }

  #giveUp({ runtime }: ChosenRuntime): void {
    if (this.#chosen?.runtime !== runtime) runtime.device.destroy();
  }

  #computeOn(chosen: FirstRuntime): void {
    this.#chosen = chosen;
    const { runtime } = chosen;
    void runtime.device.lost.then((error) => {
      if (this.#chosen?.runtime !== runtime) return;
      this.#chosen = undefined;
      this.services.active().forget();
      this.services.emit({ type: 'deviceLost', error: describeError(error) });
    });
  }

  async #move(chosen: ChosenRuntime): Promise<void> {
    const { lane, emit } = this.services;
    try {
      let isMoved = false;
      // Another model may be loaded while this one is prepared.
      while (!isMoved) {
        const prepared = await this.#prepare(chosen.runtime);
        isMoved = await lane.run(() => this.#changeOver(chosen, prepared));
      }
    } catch (error) {
      this.#giveUp(chosen);
      throw error;
    }
    emit({ type: 'deviceChanged', device: this.device });
  }

  /** The model whole on the other device, while the first goes on answering. */
  async #prepare(runtime: Runtime): Promise<Prepared | undefined> {
    const { lane, active } = this.services;
    const read = await lane.run(async () => {
      const loaded = active();
      return loaded.isLoaded ? { of: loaded.model, folder: await loaded.folder() } : undefined;
    });
    if (!read) return undefined;
    const { of, folder } = read;
    const model = await loadLanguageModel(runtime, of.name, folder, true);
    return { of, model, asker: await active().prepare(runtime, model) };
  }

  /** False where the model is another than was prepared. */
  async #changeOver(chosen: ChosenRuntime, prepared: Prepared | undefined): Promise<boolean> {
    const active = this.services.active();
    this.services.assertIdle(MOVE);
    if ((active.isLoaded ? active.model : undefined) !== prepared?.of) {
      await prepared?.asker.destroy();
      prepared?.model.weights.destroy();
      return false;
    }
    const before = this.chosen;
    this.#computeOn(chosen);
    if (prepared) await active.moveTo(prepared.model, prepared.asker);
    before.runtime.device.destroy();
    return true;
  }
}

/** What comes too late is destroyed. Throws DeviceSilentError. */
async function inTime(chosen: Promise<ChosenRuntime>): Promise<ChosenRuntime> {
  let isLate = false;
  const limit = new Promise<never>((_, reject) => {
    setTimeout(() => {
      isLate = true;
      reject(new DeviceSilentError('a graphics device', SETTLE_LIMIT_MS));
    }, SETTLE_LIMIT_MS);
  });
  chosen.then(
    ({ runtime, why }) => isLate && why.kind === 'realGpu' && runtime.device.destroy(),
    () => undefined,
  );
  return Promise.race([chosen, limit]);
}
