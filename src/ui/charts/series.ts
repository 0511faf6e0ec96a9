// A run's metrics as series: picking, smoothing, summarising. Pure.
import type { StepMetrics } from '../../protocol/protocol';

export interface Series {
  readonly steps: readonly number[];
  /** One value a step; null where the metric was not measured. */
  readonly values: readonly (number | null)[];
}

/** The six curves that a run is judged by, in reading order. */
export const CURATED_METRICS = [
  'reward',
  'eval/accuracy',
  'completions/mean_length',
  'entropy',
  'kl',
  'frac_reward_zero_std',
] as const;

export function seriesOf(steps: readonly StepMetrics[], metric: string): Series {
  return {
    steps: steps.map(({ step }) => step),
    values: steps.map(({ metrics }) => {
      const value = metrics[metric];
      return value !== undefined && Number.isFinite(value) ? value : null;
    }),
  };
}

/** Every metric that any step has, the curated first, the others by name. */
export function metricNames(steps: readonly StepMetrics[]): string[] {
  const found = new Set<string>();
  for (const { metrics } of steps) for (const name in metrics) found.add(name);
  const others = [...found].filter((name) => !CURATED_METRICS.some((curated) => curated === name)).sort();
  return [...CURATED_METRICS, ...others];
}

/** Of the metrics named, those that have something to draw; all of them before the first step was taken. */
export function drawnMetrics<Name extends string>(
  steps: readonly StepMetrics[],
  names: readonly Name[],
): readonly Name[] {
  if (!steps.some(({ step }) => step > 0)) return names;
  return names.filter((name) => steps.some(({ metrics }) => Number.isFinite(metrics[name])));
}

/**
 * Exponential moving average without the bias towards zero of its first values (Adam's correction): a constant series
 * stays constant. Gaps stay gaps and do not age the average. weight 0 smooths nothing, 0.9 a lot.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0;
  let mass = 0;
  return values.map((value) => {
    if (value === null) return null;
    average = weight * average + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return average / mass;
  });
}

/** True when fewer than half the steps were measured, or only one: such a series is drawn with points and not smoothed. */
export function needsPoints({ values }: Series): boolean {
  const numMeasured = values.reduce<number>((count, value) => count + Number(value !== null), 0);
  return numMeasured * 2 < values.length || numMeasured === 1;
}

export interface SeriesSummary {
  readonly firstStep: number;
  readonly first: number;
  readonly lastStep: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
}

/** First, last, lowest and highest value; undefined for a series without any. */
export function summarize({ steps, values }: Series): SeriesSummary | undefined {
  let [firstAt, lastAt, min, max] = [-1, -1, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (firstAt < 0) firstAt = i;
    lastAt = i;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (firstAt < 0) return undefined;
  const [firstStep = 0, lastStep = 0] = [steps[firstAt], steps[lastAt]];
  return { firstStep, first: values[firstAt] ?? 0, lastStep, last: values[lastAt] ?? 0, min, max };
}

/** The value at a step, or the last one measured before it. */
export function valueAt({ steps, values }: Series, step: number): { step: number; value: number } | undefined {
  for (let i = steps.length - 1; i >= 0; i--) {
    const at = steps[i] ?? 0;
    const value = values[i];
    if (at <= step && value !== null && value !== undefined) return { step: at, value };
  }
  return undefined;
}
