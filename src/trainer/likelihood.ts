// Next-token training on texts: pretraining on a stream of documents, SFT on question–completion pairs.

import { type BufferRange, type Program, whole } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import { moeBias } from '../kernels/moe/moeRoute';
import { type AdamwSettings, unpackAdamwState } from '../kernels/optimizer/adamw';
import { type Architecture, expertLayers } from '../model/architecture';
import type { Weights } from '../model/weights';
import { type MemoryPlan, planMemory } from './memoryPlan';
import { Optimizer, type OptimizerSnapshot } from './optimizer';
import { LikelihoodProgram, TrainingBatch } from './programs';

/** A text to learn: its token ids, and from which place on they count. */
export interface TrainingText {
  readonly ids: readonly number[];
  /** Index of the first token that is to be predicted; 1 learns everything after the begin token. */
  readonly firstTarget: number;
}

export interface LikelihoodShape {
  /** Tokens of one step. */
  readonly capacity: number;
  /** γ of the balancing without auxiliary loss; 0 leaves the selection bias alone. */
  readonly biasSpeed: number;
  /** Computes each layer again in the backward pass, so that its inside need not be kept. */
  readonly gradientCheckpointing?: boolean;
}

/**
 * The memory of a trainer and the model it trains, before there is any of it. What an evaluation takes is not in it.
 * @throws DeviceTooSmallError where the device does not allow a buffer that the trainer needs.
 */
export function planLikelihood(runtime: Runtime, model: Architecture, shape: LikelihoodShape): Promise<MemoryPlan> {
  return planMemory(runtime, model, (dry, weights) => LikelihoodTrainer.allocate(dry, weights, shape));
}

export interface LikelihoodMetrics {
  /** Mean loss in nats a token, over the steps since the last read. */
  readonly loss: number;
  /** Of the last step, before clipping. */
  readonly gradNorm: number;
  /** Optimizer steps taken, and left out because their gradient was not finite. */
  readonly steps: number;
  readonly skipped: number;
  /** Tokens by expert since the last read, by MoE layer. */
  readonly loads: readonly { readonly layer: number; readonly counts: readonly number[] }[];
}

export class LikelihoodTrainer {
  #stepsSinceRead = 0;
  /** Of the steps since the read, those that were looked at, and the sum of their losses. */
  #seen = { steps: 0, loss: 0 };

  private constructor(
    private readonly runtime: Runtime,
    private readonly weights: Weights,
    private readonly owner: TrainingBatch,
    private readonly program: LikelihoodProgram,
    private readonly optimizer: Optimizer,
    private readonly balance: Program,
  ) {}

  /**
   * @param weights which have a gradient.
   * @throws DeviceTooSmallError before anything is allocated, OutOfMemoryError.
   */
  static async create(runtime: Runtime, weights: Weights, shape: LikelihoodShape): Promise<LikelihoodTrainer> {
    await runtime.tuning.settle();
    await planLikelihood(runtime, weights.architecture, shape);
    return LikelihoodTrainer.allocate(runtime, weights, shape);
  }

  /** As `create`, without planning first. */
  static async allocate(runtime: Runtime, weights: Weights, s: LikelihoodShape): Promise<LikelihoodTrainer> {
    const owner = new TrainingBatch(runtime, weights, s.capacity);
    const balance = expertLayers(weights.architecture).map(({ layer, experts: { numExperts } }) =>
      moeBias<BufferRange>(
        { numExperts, speed: s.biasSpeed },
        { load: weights.stepLoadRange(layer), bias: weights.biasRange(layer) },
      ),
    );
    const [program, optimizer, balanceProgram] = await Promise.all([
      LikelihoodProgram.compile(owner, weights, s.gradientCheckpointing),
      Optimizer.create(runtime, weights),
      runtime.device.compile('Balance', s.biasSpeed > 0 ? balance : []),
    ]);
    return new LikelihoodTrainer(runtime, weights, owner, program, optimizer, balanceProgram);
  }

  get capacity(): number {
    return this.owner.capacity;
  }

  /** One optimizer step on texts that fit the capacity together. Does not wait for the device. */
  step(texts: readonly TrainingText[], settings: AdamwSettings): void {
    const numTargets = texts.reduce((sum, text) => sum + Math.max(0, text.ids.length - text.firstTarget), 0);
    this.program.write(
      texts.map((text) => text.ids),
      (s, place) => (place + 1 >= (texts[s] as TrainingText).firstTarget ? 1 / numTargets : 0),
    );
    this.weights.clearStepLoads();
    this.program.submit();
    this.optimizer.step(settings);
    this.balance.submit();
    this.#stepsSinceRead++;
  }

  /** The mean loss of the steps since the last look or read, and the optimizer's state. Waits for the device. */
  async look(): Promise<{ loss: number; gradNorm: number; skipped: number }> {
    const reads = await this.runtime.readback.read([
      { ...whole(this.program.loss), size: 4 },
      this.optimizer.stateRange,
    ]);
    const [bytes, state] = reads as [ArrayBuffer, ArrayBuffer];
    const sum = new Float32Array(bytes)[0] as number;
    const loss = (sum - this.#seen.loss) / Math.max(1, this.#stepsSinceRead - this.#seen.steps);
    this.#seen = { steps: this.#stepsSinceRead, loss: sum };
    // A sum that is not finite would hide the steps to come.
    if (!Number.isFinite(sum)) this.#clearLoss();
    const { norm, skipped } = unpackAdamwState(state);
    return { loss, gradNorm: norm, skipped };
  }

  #clearLoss(): void {
    this.runtime.device.write(this.program.loss, new Float32Array(4));
    this.#stepsSinceRead = 0;
    this.#seen = { steps: 0, loss: 0 };
  }

  /** Reads the metrics and starts the next stretch. Waits for the device. */
  async readMetrics(): Promise<LikelihoodMetrics> {
    const reads = await this.runtime.readback.read([
      { ...whole(this.program.loss), size: 4 },
      this.optimizer.stateRange,
      this.weights.loadsRange,
    ]);
    const [loss, state, loads] = reads as [ArrayBuffer, ArrayBuffer, ArrayBuffer];
    this.weights.clearLoads();
    const { norm, steps, skipped } = unpackAdamwState(state);
    const mean = (new Float32Array(loss)[0] as number) / Math.max(1, this.#stepsSinceRead);
    this.#clearLoss();
    return { loss: mean, gradNorm: norm, steps, skipped, loads: this.weights.unpackLoads(loads) };
  }

  snapshotOptimizer(): Promise<OptimizerSnapshot> {
    return this.optimizer.snapshot();
  }

  restoreOptimizer(snapshot: OptimizerSnapshot): void {
    this.optimizer.restore(snapshot);
  }

  /** Time by kernel of the forward and backward pass, and of the optimizer. */
  async profile(): Promise<Map<string, { ms: number; count: number }>> {
    const passes = await this.program.graph.program.profile();
    return new Map([...(passes ?? []), ...((await this.optimizer.profile()) ?? [])]);
  }

  destroy(): void {
    this.program.destroy();
    this.optimizer.destroy();
    this.balance.destroy();
    this.owner.destroy();
  }
}

/** Takes texts from a source until the next would not fit. The source is asked for texts 0, 1, 2, … across all batches. */
export class TextStream {
  #next: number;

  constructor(
    private readonly textAt: (index: number) => TrainingText,
    private readonly capacity: number,
    first = 0,
  ) {
    this.#next = first;
  }

  /** Index of the next text: what a resumed run starts from. */
  get position(): number {
    return this.#next;
  }

  nextBatch(): TrainingText[] {
    const batch: TrainingText[] = [];
    let room = this.capacity;
    for (;;) {
      const text = this.textAt(this.#next);
      if (text.ids.length > this.capacity)
        throw new Error(`a text of ${text.ids.length} tokens does not fit ${this.capacity}`);
      if (text.ids.length > room) return batch;
      batch.push(text);
      room -= text.ids.length;
      this.#next++;
    }
  }
}
