// What the parts of the made-up engine share: who listens, how time passes, which model is loaded, how it is to fail.
import type { EngineEvent, Kept, ModelInfo } from '../../protocol/protocol';
import { CATALOGUE, MODEL } from '../madeUp';

/** How the engine behaves, as the page's address says it. */
export interface FakeOptions {
  /** `speed=4`: four times as fast. */
  readonly speed: number;
  /** `devices=none`: there is none to compute on, `devices=cpu`: no GPU; `devices=small`: there is too little of any. */
  readonly devices: string | null;
  /** `lose=3`: the device is lost after step 3. */
  readonly loseAtStep: number;
  /** `storage=none`: the browser stores nothing. */
  readonly kept: Kept;
  /** `checkpoints=damaged`: no run can be opened. */
  readonly isDamaged: boolean;
  /** `disk=full`: nothing is saved. */
  readonly isFull: boolean;
}

/** Reads the options of a page's address. */
export function fakeOptions(address: URLSearchParams): FakeOptions {
  return {
    speed: Number(address.get('speed') ?? 1),
    devices: address.get('devices'),
    loseAtStep: Number(address.get('lose') ?? 0),
    kept: address.get('storage') === 'none' ? { records: false, checkpoints: false } : CATALOGUE.kept,
    isDamaged: address.get('checkpoints') === 'damaged',
    isFull: address.get('disk') === 'full',
  };
}

export class Host {
  /** The loaded model. */
  model: ModelInfo = MODEL;
  #listener: (batch: readonly EngineEvent[]) => void = () => {};
  #isEnded = false;

  constructor(readonly options: FakeOptions) {}

  get isEnded(): boolean {
    return this.#isEnded;
  }

  listen(listener: (batch: readonly EngineEvent[]) => void): void {
    this.#listener = listener;
  }

  /** Tells the events as one batch, unless the engine has ended. */
  emit(...events: EngineEvent[]): void {
    if (!this.#isEnded) this.#listener(events);
  }

  end(): void {
    this.#isEnded = true;
  }

  /** Resolves after `ms` at the speed of the options. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.options.speed));
  }
}
