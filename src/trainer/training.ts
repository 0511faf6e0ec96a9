// A training under way, whatever its kind: steps, a memory to go on from, and what it makes.
import type { GrpoStep, OnGrpoPhase } from './grpo/grpoStep';
import type { HealthWatch } from './health';
import type { PairReport, SampledPair } from './preference/pairSettings';
import type { RejectionReport, TracedPair } from './rejection/rejectionSet';

/** Under TRL's names. */
export type Metrics = Readonly<Record<string, number>>;

/** What a training remembers beside its model's weights, to go on bit for bit. */
export interface TrainingMemory {
  /** Plain JSON. */
  readonly meta: unknown;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** What whoever drives a training wants to know of a step. */
export interface StepWatch {
  /** Whether the step's metrics are wanted. On texts they are means since they were last wanted. */
  readonly isTold: boolean;
  /** Of GRPO: what the step does now, and how far it is. */
  readonly onPhase?: OnGrpoPhase | undefined;
  /** Of GRPO: the groups, and whatever else the step found. */
  readonly onGroups?: ((step: GrpoStep) => void) | undefined;
}

export interface Training {
  /** Steps taken. */
  readonly step: number;
  /** Steps of the whole. */
  readonly total: number;
  /** Tokens sampled or trained on so far. */
  readonly tokens: number;
  /** What its steps tell of the weights, where it trains some. */
  readonly health?: HealthWatch;
  /** Takes one step; its metrics, where they are wanted or known anyway. */
  run(watch: StepWatch): Promise<Metrics | undefined>;
  /** Brings `health` up to the last step, where a step returns before the device has done it. */
  look?(): Promise<void>;
  remember(): Promise<TrainingMemory>;
  /** Goes back to what was remembered; the weights are restored by the caller. */
  restore(memory: TrainingMemory): void;
  /** The set it makes, if it makes one. */
  readonly set?: { readonly pairs: readonly TracedPair[]; readonly report: RejectionReport };
  /** The pairs it makes, if it makes some. */
  readonly preferences?: { readonly pairs: readonly SampledPair[]; readonly report: PairReport };
  destroy(): Promise<void>;
}
