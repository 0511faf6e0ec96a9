// The curves that ship with the page: three seeds of `npm run cli -- pipeline rlhf --seed S`, as scripts/plotPreference.mjs
// gathers them.
import recorded from './recorded.json';

/** Means over the seeds, by groups of steps; standard deviations of the samples. */
export interface RecordedPoint {
  readonly kl: number;
  readonly truth: number;
  readonly truthSd: number;
  readonly preferred?: number;
  readonly preferredSd?: number;
}

interface Recorded {
  readonly seeds: readonly number[];
  /** By the name of the stage. */
  readonly curves: Readonly<Record<string, readonly RecordedPoint[]>>;
}

export const { seeds, curves }: Recorded = recorded;
