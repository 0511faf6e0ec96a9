// What programs cost on the processor: each is timed by the clock as it runs, since nothing runs beside it.
import { type Profile, type Profiler, type ProgramCost, quantile } from '../profile';

export class CpuProfiler implements Profiler {
  #costs = new Map<string, { ms: number; runs: number; dispatches: number; submits: number }>();
  #slicesMs: number[] = [];
  #isRunning = false;
  #startMs = 0;
  #busyMs = 0;

  start(): void {
    this.#costs = new Map();
    this.#slicesMs = [];
    this.#isRunning = true;
    this.#startMs = performance.now();
    this.#busyMs = 0;
  }

  stop(): Profile {
    this.#isRunning = false;
    const elapsedMs = performance.now() - this.#startMs;
    return {
      elapsedMs,
      idleMs: Math.max(0, elapsedMs - this.#busyMs),
      isByClock: false,
      programs: [...this.#costs].map(([label, cost]): ProgramCost => ({ label, ...cost })),
      submitP99Ms: quantile(this.#slicesMs, 0.99),
      submitMaxMs: Math.max(0, ...this.#slicesMs),
    };
  }

  /** @param dispatches of a run that began with this slice, 0 where it goes on. @param ms the slice held the thread. */
  ran(program: string, dispatches: number, ms: number): void {
    if (!this.#isRunning) return;
    const label = program.replace(/:.*$/, '');
    const cost = this.#costs.get(label) ?? { ms: 0, runs: 0, dispatches: 0, submits: 0 };
    cost.ms += ms;
    cost.submits++;
    cost.dispatches += dispatches;
    if (dispatches > 0) cost.runs++;
    this.#costs.set(label, cost);
    this.#slicesMs.push(ms);
    this.#busyMs += ms;
  }
}
