// What work cost on a device, program by program.

/** What the programs of one label took. */
export interface ProgramCost {
  /** `Owner.thing` or `Owner`: a program's label without its detail. */
  readonly label: string;
  /** Undefined where not all of it is known. */
  readonly ms: number | undefined;
  readonly runs: number;
  readonly dispatches: number;
  readonly submits: number;
}

export interface Profile {
  /** From `start` to `stop`, by the clock. */
  readonly elapsedMs: number;
  /** Of this, nothing was submitted that was not known to be done. */
  readonly idleMs: number;
  /** Programs are timed by the clock, from submit to submit; else by the device's own timestamps. */
  readonly isByClock: boolean;
  readonly programs: readonly ProgramCost[];
  /** How long a submit held the thread: the 99th percentile and the longest. */
  readonly submitP99Ms: number;
  readonly submitMaxMs: number;
}

/** Measures one piece of work at a time. Never waits for the device, and costs nothing while it rests. */
export interface Profiler {
  /** Begins a piece of work and forgets the one before. */
  start(): void;
  /** What it cost, to be called after a read of its results; then the profiler rests. */
  stop(): Profile;
}

/** The value below which `share` of the values lie; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
