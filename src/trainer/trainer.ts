// What moves weights, whatever they are trained for: the gradient of an objective, clipped, and an AdamW step at the schedule's
// rate. A step whose gradient is not finite changes nothing and is counted.
import type { BufferRange, KernelTimes } from '../device/contract';
import type { AdamwState } from '../kernels/optimizer/adamw';
import { HealthWatch } from './health';
import { type Optimizer, skippedSteps } from './optimizer/optimizer';
import { adamwSettings, type OptimizerSettings } from './optimizer/optimizerSettings';

/** Where the gradient of an optimizer step comes from: passes of an objective over packed batches. */
export interface Gradient<Work, Found> {
  /** Adds the gradient of the work to the pools. All of it is submitted when the call returns. */
  accumulate(work: Work): Found;
  /** Time by kernel of one batch. */
  profile(): Promise<KernelTimes | undefined>;
  destroy(): void;
}

/** What is there on the device for a training, compiled once. */
export interface TrainerParts<Work, Found> {
  readonly gradient: Gradient<Work, Found>;
  readonly optimizer: Optimizer;
}

export interface TakenStep<Found> {
  readonly learningRate: number;
  readonly found: Found;
}

const NONE = new Float32Array(0);

export class Trainer<Work, Found> {
  #steps = 0;
  /** What the steps tell of the weights. Whoever drives the training stops it where that says so. */
  readonly health: HealthWatch;

  /** @param totalSteps optimizer steps of the whole. @param vocabulary tokens of the model. */
  constructor(
    private readonly parts: TrainerParts<Work, Found>,
    private readonly settings: OptimizerSettings,
    readonly totalSteps: number,
    vocabulary: number,
  ) {
    this.health = new HealthWatch(vocabulary);
  }

  /** Optimizer steps taken. */
  get steps(): number {
    return this.#steps;
  }

  /** Takes a step. Does not wait for the device. */
  step(work: Work): TakenStep<Found> {
    const { gradient, optimizer } = this.parts;
    const found = gradient.accumulate(work);
    const adamw = adamwSettings(this.settings, this.#steps, this.totalSteps);
    optimizer.step(adamw);
    this.#steps++;
    return { learningRate: adamw.learningRate, found };
  }

  /** The optimizer's state, for those that read it with other ranges. */
  get stateRange(): BufferRange {
    return this.parts.optimizer.stateRange;
  }

  /** The state after the steps submitted so far. */
  readState(): Promise<AdamwState> {
    return this.parts.optimizer.readState();
  }

  /** The arrays of a training's memory that are the optimizer's. */
  async remember(): Promise<Record<string, Float32Array>> {
    return { ...(await this.parts.optimizer.snapshot()) };
  }

  /**
   * Goes back to what was remembered. Throws SnapshotError where the arrays are not those of an optimizer of this model.
   * @param at optimizer steps that it was taken after, and the training's own steps.
   */
  restore(
    { firstMoment = NONE, secondMoment = NONE, state = NONE }: Readonly<Record<string, Float32Array>>,
    at: { readonly optimizerSteps: number; readonly step: number },
  ): void {
    const snapshot = { firstMoment, secondMoment, state };
    this.parts.optimizer.restore(snapshot);
    this.#steps = at.optimizerSteps;
    this.health.restore(at.step, skippedSteps(snapshot));
  }

  /** Time by kernel of one batch and of the optimizer. */
  async profile(): Promise<KernelTimes> {
    const { gradient, optimizer } = this.parts;
    return new Map([...((await gradient.profile()) ?? []), ...((await optimizer.profile()) ?? [])]);
  }

  destroy(): void {
    this.parts.gradient.destroy();
    this.parts.optimizer.destroy();
  }
}
