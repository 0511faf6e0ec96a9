// Measuring systems on one workload: each made ready, then all of them run in turns.
import { greatestDifference, halfRange, median } from './statistics';
import type { Work } from './workload';

/** One system ready for one workload. */
export interface Contender {
  readonly system: string;
  /** Numbers on which every system must agree. */
  readonly check: readonly number[];
  /** Does the workload `times` times; the time is of all of them. */
  run(times: number): Promise<{ ms: number; work: Work }>;
  detail(): string | undefined;
  destroy(): Promise<void>;
}

export interface BenchRow {
  readonly workload: string;
  readonly system: string;
  /** Median time of one run of the workload; absent where the system failed. */
  readonly ms?: number;
  /** Half the distance between the fastest and the slowest run. */
  readonly spreadMs?: number;
  readonly tokensPerSecond?: number;
  readonly gflops?: number;
  /** A remark for people. */
  readonly detail?: string;
  /** Why there is no figure. */
  readonly error?: string;
}

/** A measurement lasts at least this long, by as many runs without a wait between them as that takes. */
const MEASUREMENT_MS = 100;
const MAX_TIMES = 64;
/** A system that has run for so long on one workload is not asked again. */
const BUDGET_MS = 20_000;
const TOLERANCE = 1e-3;

interface Turn {
  readonly contender: Contender;
  readonly times: number;
  readonly measurements: { ms: number; work: Work }[];
  error?: string;
}

/** How often to run so that a measurement is long enough; and a run so long that it is not wasted. */
async function calibrate(contender: Contender): Promise<Pick<Turn, 'times' | 'measurements'>> {
  let measurement = await contender.run(1);
  // The first run may have compiled something.
  if (measurement.ms < MEASUREMENT_MS * 10) measurement = await contender.run(1);
  return {
    times: Math.min(MAX_TIMES, Math.max(1, Math.ceil(MEASUREMENT_MS / measurement.ms))),
    measurements: measurement.ms > BUDGET_MS / 2 ? [measurement] : [],
  };
}

/**
 * Measures the contenders in turns, so that what slows the machine for a while slows all of them. Where several have
 * numbers to check, the first one's are the measure of the others'.
 */
export async function measure(workload: string, contenders: readonly Contender[], runs: number): Promise<BenchRow[]> {
  const turns: Turn[] = [];
  for (const contender of contenders) {
    const calibrated = await calibrate(contender).catch((error) => ({
      times: 1,
      measurements: [],
      error: reasonOf(error),
    }));
    turns.push({ contender, ...calibrated });
  }
  for (let run = 0; run < runs; run++) {
    for (const turn of turns) {
      const spent = turn.measurements.reduce((sum, { ms }) => sum + ms, 0);
      if (turn.error !== undefined || spent > BUDGET_MS || turn.measurements.length === runs) continue;
      try {
        turn.measurements.push(await turn.contender.run(turn.times));
      } catch (error) {
        turn.error = reasonOf(error);
      }
    }
  }
  const expected = contenders.find(({ check }) => check.length > 0)?.check ?? [];
  return turns.map((turn) => row(workload, turn, expected));
}

/** Measures one run that cannot be repeated. */
export async function measureOnce(workload: string, contender: Contender): Promise<BenchRow> {
  const measurement = await contender.run(1);
  return row(workload, { contender, times: 1, measurements: [measurement] }, []);
}

function row(workload: string, { contender, times, measurements, error }: Turn, expected: readonly number[]): BenchRow {
  const { system, check } = contender;
  if (error !== undefined) return { workload, system, error };
  const milliseconds = measurements.map(({ ms }) => ms / times);
  const rate = (key: keyof Work, perUnit: number) => {
    const rates = measurements.flatMap(({ ms, work }) => (work[key] === undefined ? [] : [work[key] / ms / perUnit]));
    return rates.length > 0 ? median(rates) : undefined;
  };
  const tokensPerSecond = rate('tokens', 1e-3);
  const gflops = rate('flops', 1e6);
  const remarks = [agreement(check, expected), contender.detail()].filter((text) => text !== undefined && text !== '');
  return {
    workload,
    system,
    ms: median(milliseconds),
    spreadMs: halfRange(milliseconds),
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(gflops !== undefined && { gflops }),
    ...(remarks.length > 0 && { detail: remarks.join('; ') }),
  };
}

/** How near a system comes to the one it is compared with. */
function agreement(check: readonly number[], expected: readonly number[]): string | undefined {
  if (check.length === 0 || check === expected) return undefined;
  const difference = greatestDifference(check, expected);
  if (difference <= TOLERANCE) return difference === 0 ? 'agrees exactly' : `agrees to ${difference.toExponential(0)}`;
  return `differs: ${numbers(check)}, not ${numbers(expected)}`;
}

function numbers(values: readonly number[]): string {
  return values.map((value) => value.toFixed(4)).join(', ');
}

/** The first line of what went wrong. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] as string;
}
