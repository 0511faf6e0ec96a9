// Wraps submits. With `timestamp-query` passes are timed by the device, and the timestamps ride home with reads that
// happen anyway;
// without it each submit of a program is timed by the clock.
import { type Profile, type Profiler, type ProgramCost, quantile } from '../profile';

/** A pass has two timestamps of 8 bytes. */
const PAIR_BYTES = 16;
const MAX_PAIRS = 1024;
/** Timestamps slow a pass of few dispatches, so of such programs one run in so many is timed and stands for the others. */
const TIMED_EVERY = 8;
const FEW_DISPATCHES = 64;

/** The runs of one program. */
interface Tally {
  runs: number;
  dispatches: number;
  submits: number;
  timedRuns: number;
  timedMs: number;
  /** Measurements that are still to come home. */
  unknown: number;
}

/** One run of a program that is measured. */
export interface ProfiledRun {
  readonly tally: Tally;
  /** Its passes are to leave timestamps. */
  readonly isStamped: boolean;
}

/** Timestamps on their way: where they lie on the device, and who is told when they have been read. */
export interface StampsInFlight {
  readonly range: { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number };
  take(bytes: ArrayBuffer): void;
}

/** Milliseconds of all runs, if those that were not timed took as long as the timed ones. */
function msOf({ runs, timedRuns, timedMs, unknown }: Tally): number | undefined {
  return unknown > 0 || timedRuns === 0 ? undefined : (timedMs * runs) / timedRuns;
}

/** The costs by label without detail, in the order in which they came. */
function costs(tallies: ReadonlyMap<string, Tally>): ProgramCost[] {
  const byLabel = new Map<string, ProgramCost>();
  for (const [program, tally] of tallies) {
    const label = program.replace(/:.*$/, '');
    const before = byLabel.get(label) ?? { label, ms: 0, runs: 0, dispatches: 0, submits: 0 };
    const ms = msOf(tally);
    byLabel.set(label, {
      label,
      ms: before.ms === undefined || ms === undefined ? undefined : before.ms + ms,
      runs: before.runs + tally.runs,
      dispatches: before.dispatches + tally.dispatches,
      submits: before.submits + tally.submits,
    });
  }
  return [...byLabel.values()];
}

export class SubmitProfiler implements Profiler {
  #tallies = new Map<string, Tally>();
  #isRunning = false;
  #startMs = performance.now();
  #submitsMs: number[] = [];
  #submits = 0;
  /** Since when all that was submitted is known to be done; undefined while it is not. */
  #idleSinceMs: number | undefined = performance.now();
  #idleMs = 0;
  /** When the last submit that is timed by the clock was done. */
  #doneMs = 0;
  readonly #queries: GPUQuerySet | undefined;
  readonly #resolved: GPUBuffer | undefined;
  /** The tally that each pair of timestamps since the last read belongs to. */
  #pairs: Tally[] = [];

  constructor(private readonly gpu: GPUDevice) {
    if (!gpu.features.has('timestamp-query')) return;
    this.#queries = gpu.createQuerySet({ label: 'Profiler', type: 'timestamp', count: MAX_PAIRS * 2 });
    const usage = 0x200 | 0x04; // QUERY_RESOLVE | COPY_SRC
    this.#resolved = gpu.createBuffer({ label: 'Profiler', size: MAX_PAIRS * PAIR_BYTES, usage });
  }

  /** Bytes on the device; a read may bring as many along. */
  get bytes(): number {
    return this.#resolved?.size ?? 0;
  }

  start(): void {
    this.#isRunning = true;
    this.#tallies = new Map();
    this.#submitsMs = [];
    this.#startMs = performance.now();
    this.#idleMs = 0;
    if (this.#idleSinceMs !== undefined) this.#idleSinceMs = this.#startMs;
  }

  stop(): Profile {
    this.#isRunning = false;
    const now = performance.now();
    return {
      elapsedMs: now - this.#startMs,
      idleMs: this.#idleMs + (this.#idleSinceMs === undefined ? 0 : now - this.#idleSinceMs),
      isByClock: this.#queries === undefined,
      programs: costs(this.#tallies),
      submitP99Ms: quantile(this.#submitsMs, 0.99),
      submitMaxMs: quantile(this.#submitsMs, 1),
    };
  }

  /** Counts a run of a program, to be handed over in so many submits of a pass each; undefined while the profiler rests. */
  beginRun(label: string, dispatches: number, submits: number): ProfiledRun | undefined {
    if (!this.#isRunning) return undefined;
    const tally = this.#tallies.get(label) ?? {
      ...{ runs: 0, dispatches: 0, submits: 0, timedRuns: 0, timedMs: 0, unknown: 0 },
    };
    this.#tallies.set(label, tally);
    const isChosen = dispatches >= FEW_DISPATCHES || tally.runs % TIMED_EVERY === 0;
    const isStamped = this.#queries !== undefined && isChosen && this.#pairs.length + submits <= MAX_PAIRS;
    tally.runs++;
    tally.dispatches += dispatches;
    tally.submits += submits;
    if (isStamped || !this.#queries) tally.timedRuns++;
    return { tally, isStamped };
  }

  /** Where the next pass of a run is to leave its timestamps. */
  stampPass(run: ProfiledRun | undefined): GPUComputePassTimestampWrites | undefined {
    if (!run?.isStamped || !this.#queries) return undefined;
    run.tally.unknown++;
    const first = this.#pairs.push(run.tally) * 2 - 2;
    return { querySet: this.#queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
  }

  /** Makes a submit and times the call. Returns which one it was, for `finish`. */
  submit(submit: () => void, run?: ProfiledRun): number {
    const startMs = performance.now();
    submit();
    this.#submits++;
    if (this.#idleSinceMs !== undefined) this.#idleMs += startMs - this.#idleSinceMs;
    this.#idleSinceMs = undefined;
    if (this.#isRunning) this.#submitsMs.push(performance.now() - startMs);
    if (run && !this.#queries) this.#timeByClock(run.tally, startMs);
    return this.#submits;
  }

  /** A submit lasts from when it was made, or the one before was done, until it is done. */
  #timeByClock(tally: Tally, startMs: number): void {
    tally.unknown++;
    const isDone = () => {
      const now = performance.now();
      tally.timedMs += now - Math.max(startMs, this.#doneMs);
      tally.unknown--;
      this.#doneMs = now;
    };
    // Of a lost device the rest stays unknown.
    this.gpu.queue.onSubmittedWorkDone().then(isDone, () => {});
  }

  /** To be called when a submit, and so all before it, is found done. */
  finish(submit: number): void {
    if (submit === this.#submits) this.#idleSinceMs = performance.now();
  }

  /** For a read: the timestamps that it must copy along. */
  resolve(encoder: GPUCommandEncoder): StampsInFlight | undefined {
    const pairs = this.#pairs;
    if (pairs.length === 0 || !this.#queries || !this.#resolved) return undefined;
    // The queue keeps its order, so the passes to come may write to the same places.
    this.#pairs = [];
    encoder.resolveQuerySet(this.#queries, 0, pairs.length * 2, this.#resolved, 0);
    return {
      range: { buffer: this.#resolved, offset: 0, size: pairs.length * PAIR_BYTES },
      take: (bytes) => {
        const times = new BigUint64Array(bytes);
        pairs.forEach((tally, i) => {
          const ns = Number((times[2 * i + 1] as bigint) - (times[2 * i] as bigint));
          tally.timedMs += Math.max(0, ns) / 1e6;
          tally.unknown--;
        });
      },
    };
  }
}
