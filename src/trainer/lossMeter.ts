// The loss and the gradient norm of steps that the device is not waited for: summed there, read now and then.
import type { BufferRange } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import { type AdamwState, unpackAdamwState } from '../kernels/optimizer/adamw';
import type { FurtherTokens } from './objectives/furtherTokens';
import type { TokenWeights } from './objectives/tokenWeights';

export interface StepReading {
  /** Mean over the steps, in nats a token. */
  readonly loss: number;
  /** The same of a module for further tokens, where one learns: not multiplied by its factor. */
  readonly furtherLoss?: number;
  /** After the last step: the norm before clipping, and how many steps were left out so far. */
  readonly state: AdamwState;
}

export class LossMeter {
  #steps = 0;
  /** Of the steps since the last read, those that were looked at, and the sum of their losses. */
  #seen = { steps: 0, loss: 0 };

  /** @param optimizer whose state it is read beside. */
  constructor(
    private readonly runtime: Runtime,
    private readonly tokens: TokenWeights,
    private readonly optimizer: { readonly stateRange: BufferRange },
    private readonly further?: FurtherTokens,
  ) {}

  /** To be told of every step. */
  count(): void {
    this.#steps++;
  }

  /** Looks at the steps since the last look or read. Waits for the device. */
  async look(): Promise<StepReading> {
    const { sum, state } = await this.#readSum();
    const loss = (sum - this.#seen.loss) / Math.max(1, this.#steps - this.#seen.steps);
    this.#seen = { steps: this.#steps, loss: sum };
    // A sum that is not finite would hide the steps to come.
    if (!Number.isFinite(sum)) this.#clear();
    return { loss, state };
  }

  /** Reads the steps since the last read, and other ranges with them, and starts anew. Waits for the device. */
  async read(others: readonly BufferRange[] = []): Promise<StepReading & { readonly others: readonly ArrayBuffer[] }> {
    const ranges = this.further ? [...others, this.further.loss] : others;
    const { sum, state, others: found } = await this.#readSum(ranges);
    const steps = Math.max(1, this.#steps);
    this.#clear();
    const reading = { loss: sum / steps, state, others: found };
    if (!this.further) return reading;
    const [furtherSum] = new Float32Array(found.at(-1) as ArrayBuffer);
    return { ...reading, furtherLoss: (furtherSum as number) / steps / this.further.factor };
  }

  async #readSum(others: readonly BufferRange[] = []) {
    const ranges = [this.tokens.loss, this.optimizer.stateRange, ...others];
    const [sum, state, ...found] = await this.runtime.readback.read(ranges);
    return {
      sum: new Float32Array(sum as ArrayBuffer)[0] as number,
      state: unpackAdamwState(state as ArrayBuffer),
      others: found,
    };
  }

  #clear(): void {
    this.tokens.clearLoss();
    this.further?.clearLoss();
    this.#steps = 0;
    this.#seen = { steps: 0, loss: 0 };
  }
}
