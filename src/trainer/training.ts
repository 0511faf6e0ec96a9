// A training under way, whatever its kind: steps, a memory to go on from, and what it makes.
import type { HealthWatch } from './health';
import type { RejectionReport, TracedPair } from './rejection';

/** What a training remembers beside its model's weights, to go on bit for bit. */
export interface TrainingMemory {
  /** Plain JSON. */
  readonly meta: unknown;
  readonly arrays: Readonly<Record<string, Float32Array>>;
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
  /** Takes one step; its metrics, where it is one to tell of. */
  run(): Promise<Record<string, number> | undefined>;
  remember(): Promise<TrainingMemory>;
  /** Goes back to what was remembered; the weights are restored by the caller. */
  restore(memory: TrainingMemory): void;
  /** The set it makes, if it makes one. */
  readonly set?: { readonly pairs: readonly TracedPair[]; readonly report: RejectionReport };
  destroy(): Promise<void>;
}
