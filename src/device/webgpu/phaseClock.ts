// What a piece of work cost, phase by phase: time by the clock, time on the device, runs, dispatches, submits, tokens.
// Device times are pass-boundary timestamps that ride home with a read that happens anyway; without `timestamp-query` they
// are quietly absent. A clock measures one piece of work at a time, from `restart` to `read`, never waits for the device, and
// costs nothing while it rests.

export interface PhaseReading {
  /** As the code that entered it calls it, e.g. `decode`. */
  readonly phase: string;
  /** Time by the clock; with timestamps, less the time in which it waited for work of other phases, which is theirs. */
  readonly wallMs: number;
  /** Time in compute passes, from the runs that were timed; undefined without timestamps, or where some came not home. */
  readonly gpuMs: number | undefined;
  /** Programs submitted. */
  readonly runs: number;
  readonly dispatches: number;
  readonly submits: number;
  /** Tokens worked through. */
  readonly tokens: number;
}

export interface ClockReading {
  /** From `restart` to `read`, phases and what lies between them. */
  readonly elapsedMs: number;
  /** Of this, time in which nothing was submitted and not known to be done: the device waited for JavaScript. */
  readonly idleMs: number;
  readonly phases: readonly PhaseReading[];
  /** How long calls of `queue.submit` held the thread: the 99th percentile and the longest. */
  readonly submitP99Ms: number;
  readonly submitMaxMs: number;
}

interface Totals {
  wallMs: number;
  gpuMs: number;
  /** Passes whose timestamps are not home. */
  unread: number;
  runs: number;
  dispatches: number;
  timedDispatches: number;
  submits: number;
  tokens: number;
  lastSubmit: number | undefined;
  /** The phase in which its last submit was found done. */
  awaitedIn: string | undefined;
}

/** Timestamps on their way: where they lie on the device, and who is told when they have been read. */
export interface StampsInFlight {
  readonly range: { readonly buffer: GPUBuffer; readonly offset: number; readonly size: number };
  take(bytes: ArrayBuffer): void;
}

/** A pass has two timestamps of 8 bytes. */
const PAIR_BYTES = 16;
const MAX_PAIRS = 1024;

/** The value below which `share` of the values lie; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Milliseconds of the dispatches that were not timed, if they took as long as the timed ones; undefined where none was timed. */
function untimedMs({ gpuMs, unread, dispatches, timedDispatches }: Totals): number | undefined {
  if (unread > 0 || (timedDispatches === 0 && dispatches > 0)) return undefined;
  return timedDispatches === 0 ? 0 : (gpuMs * (dispatches - timedDispatches)) / timedDispatches;
}

/** Milliseconds of each phase on the device, where they are known; all together no longer than it had something to do. */
function deviceTimes(phases: ReadonlyMap<string, Totals>, busyMs: number): Map<string, number> {
  const sum = (values: readonly number[]) => values.reduce((total, ms) => total + ms, 0);
  const timed = sum([...phases.values()].map(({ gpuMs }) => gpuMs));
  const untimed = [...phases].flatMap(([phase, totals]) => {
    const ms = untimedMs(totals);
    return ms === undefined ? [] : ([[phase, totals.gpuMs, ms]] as const);
  });
  // A few timed runs that were slow by chance do not stand for all others.
  const share = Math.min(
    1,
    Math.max(0, busyMs - timed) / Math.max(sum(untimed.map(([, , ms]) => ms)), Number.MIN_VALUE),
  );
  return new Map(untimed.map(([phase, timedMs, ms]) => [phase, timedMs + share * ms]));
}

/** Milliseconds of each phase by the clock: what one waited for another's work is that other's, as far as timestamps tell. */
function clockTimes(phases: ReadonlyMap<string, Totals>, gpuMs: ReadonlyMap<string, number>): Map<string, number> {
  const wallMs = new Map([...phases].map(([phase, totals]) => [phase, totals.wallMs]));
  for (const [phase, { awaitedIn }] of phases) {
    if (awaitedIn === undefined || awaitedIn === phase) continue;
    const [own, there] = [wallMs.get(phase), wallMs.get(awaitedIn)] as [number, number];
    const lacking = (gpuMs.get(phase) ?? 0) - own;
    const spare = there - (gpuMs.get(awaitedIn) ?? there);
    const moved = Math.max(0, Math.min(lacking, spare));
    wallMs.set(phase, own + moved).set(awaitedIn, there - moved);
  }
  return wallMs;
}

export class PhaseClock {
  #totals = new Map<string, Totals>();
  #isRunning = false;
  #phase: string | undefined;
  #timedEvery = 1;
  #isTimed = false;
  #startMs = performance.now();
  #enteredMs = 0;
  #submitsMs: number[] = [];
  #submits = 0;
  /** Since when all that was submitted is known to be done; undefined while it is not. */
  #idleSinceMs: number | undefined = performance.now();
  #idleMs = 0;
  readonly #queries: GPUQuerySet | undefined;
  readonly #resolved: GPUBuffer | undefined;
  /** The totals that each pair of timestamps since the last read belongs to. */
  #pairs: Totals[] = [];
  #isDue = false;

  /** @param gpu has `timestamp-query` if passes are to be timed. */
  constructor(gpu?: GPUDevice) {
    if (!gpu?.features.has('timestamp-query')) return;
    this.#queries = gpu.createQuerySet({ label: 'PhaseClock', type: 'timestamp', count: MAX_PAIRS * 2 });
    const usage = 0x200 | 0x04; // QUERY_RESOLVE | COPY_SRC
    this.#resolved = gpu.createBuffer({ label: 'PhaseClock', size: MAX_PAIRS * PAIR_BYTES, usage });
  }

  /** Bytes on the device; a read may bring as many along. */
  get bytes(): number {
    return this.#resolved?.size ?? 0;
  }

  /** Begins a piece of work and forgets the one before. */
  restart(): void {
    this.#isRunning = true;
    this.#totals = new Map();
    this.#submitsMs = [];
    this.#phase = undefined;
    this.#startMs = performance.now();
    this.#idleMs = 0;
    if (this.#idleSinceMs !== undefined) this.#idleSinceMs = this.#startMs;
  }

  /**
   * From now on work counts for this phase, or for none. Returns the phase before, to go back to.
   * @param timedEvery one run in so many is timed and stands for the others: timestamps slow a pass of few dispatches.
   */
  enter(phase: string | undefined, timedEvery = 1): string | undefined {
    if (!this.#isRunning) return undefined;
    const now = performance.now();
    const before = this.#phase;
    const left = this.#current;
    if (left) left.wallMs += now - this.#enteredMs;
    this.#phase = phase;
    this.#timedEvery = timedEvery;
    this.#isTimed = true;
    this.#enteredMs = now;
    if (phase !== undefined && !this.#totals.has(phase)) {
      const none = {
        wallMs: 0,
        gpuMs: 0,
        unread: 0,
        runs: 0,
        dispatches: 0,
        timedDispatches: 0,
        submits: 0,
        tokens: 0,
        lastSubmit: undefined,
        awaitedIn: undefined,
      };
      this.#totals.set(phase, none);
    }
    return before;
  }

  /** So many milliseconds of the current phase were another's, which was still under way on the device. */
  credit(phase: string, ms: number): void {
    const totals = this.#totals.get(phase);
    if (!totals || !this.#current || !(ms > 0)) return;
    totals.wallMs += ms;
    this.#current.wallMs -= ms;
  }

  get #current(): Totals | undefined {
    return this.#phase === undefined ? undefined : this.#totals.get(this.#phase);
  }

  countTokens(tokens: number): void {
    if (this.#current) this.#current.tokens += tokens;
  }

  /** Counts one run of a program. */
  countRun(dispatches: number): void {
    const totals = this.#current;
    if (!totals) return;
    // The one in the midst: a first run may still be compiled by the driver.
    this.#isTimed = totals.runs % this.#timedEvery === Math.floor(this.#timedEvery / 2);
    totals.runs++;
    totals.dispatches += dispatches;
    if (this.#isTimed) totals.timedDispatches += dispatches;
  }

  /** Counts a submit and times the call. Returns which one it was, for `finish`. */
  timeSubmit(submit: () => void): number {
    const startMs = performance.now();
    submit();
    this.#submits++;
    if (this.#idleSinceMs !== undefined) this.#idleMs += startMs - this.#idleSinceMs;
    this.#idleSinceMs = undefined;
    const totals = this.#current;
    if (totals) {
      totals.submits++;
      totals.lastSubmit = this.#submits;
      totals.awaitedIn = undefined;
      this.#submitsMs.push(performance.now() - startMs);
    }
    return this.#submits;
  }

  /** To be called when a submit, and so all before it, is found done. */
  finish(submit: number): void {
    if (submit === this.#submits) this.#idleSinceMs = performance.now();
    for (const totals of this.#totals.values()) {
      if (totals.lastSubmit !== undefined && totals.lastSubmit <= submit) totals.awaitedIn ??= this.#phase;
    }
  }

  /** Where the next pass is to leave its timestamps; undefined where none are wanted or there is no room. */
  stampPass(): GPUComputePassTimestampWrites | undefined {
    const totals = this.#current;
    if (!totals || !this.#queries || !this.#isTimed) return undefined;
    totals.unread++;
    if (this.#pairs.length === MAX_PAIRS) return undefined;
    const first = this.#pairs.push(totals) * 2 - 2;
    return { querySet: this.#queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
  }

  /** The next read takes all timestamps along; to be called before the last read of a piece of work. */
  settle(): void {
    this.#isDue = true;
  }

  /** For a read: what it must copy along, if timestamps are due or their room is half full. */
  resolve(encoder: GPUCommandEncoder): StampsInFlight | undefined {
    const pairs = this.#pairs;
    const isDue = this.#isDue || pairs.length > MAX_PAIRS / 2;
    if (!isDue || pairs.length === 0 || !this.#queries || !this.#resolved) return undefined;
    this.#isDue = false;
    // The queue keeps its order, so the passes to come may write to the same places.
    this.#pairs = [];
    encoder.resolveQuerySet(this.#queries, 0, pairs.length * 2, this.#resolved, 0);
    return {
      range: { buffer: this.#resolved, offset: 0, size: pairs.length * PAIR_BYTES },
      take: (bytes) => {
        const times = new BigUint64Array(bytes);
        pairs.forEach((totals, i) => {
          const ns = Number((times[2 * i + 1] as bigint) - (times[2 * i] as bigint));
          totals.gpuMs += Math.max(0, ns) / 1e6;
          totals.unread--;
        });
      },
    };
  }

  /** What the work cost. The clock rests until it is started again. */
  read(): ClockReading {
    this.enter(undefined);
    this.#isRunning = false;
    const now = performance.now();
    const elapsedMs = now - this.#startMs;
    const idleMs = this.#idleMs + (this.#idleSinceMs === undefined ? 0 : now - this.#idleSinceMs);
    const gpuMs = this.#queries ? deviceTimes(this.#totals, elapsedMs - idleMs) : new Map<string, number>();
    const wallMs = clockTimes(this.#totals, gpuMs);
    return {
      elapsedMs,
      idleMs,
      phases: [...this.#totals].map(([phase, { runs, dispatches, submits, tokens }]) => ({
        phase,
        wallMs: wallMs.get(phase) as number,
        gpuMs: gpuMs.get(phase),
        runs,
        dispatches,
        submits,
        tokens,
      })),
      submitP99Ms: quantile(this.#submitsMs, 0.99),
      submitMaxMs: quantile(this.#submitsMs, 1),
    };
  }
}
