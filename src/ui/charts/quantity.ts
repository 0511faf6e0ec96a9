// What a metric measures, and so how its values are written and what an axis of them may show. Pure.
import {
  formatBytes,
  formatDuration,
  formatMetric,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  numberFormat,
} from '../format';

/** A share lies within 0 and 1; all others but a `number` are never negative. */
export type Quantity = 'share' | 'bytes' | 'count' | 'seconds' | 'milliseconds' | 'amount' | 'number';

const KINDS: readonly (readonly [RegExp, Quantity])[] = [
  [/^(kl|entropy|grad_norm|learning_rate|reward_std)$|logp_difference|\/std$/, 'amount'],
  [/accuracy|frac_|_ratio$|clip_ratio|thinking_language|^(eval|rewards)\/format/, 'share'],
  [/(^|[/_])bytes$/, 'bytes'],
  [/^step_time$|^time\//, 'seconds'],
  [/_ms$/, 'milliseconds'],
  [/^num_tokens$|_length$|num_generations$|_per_second$|\/errors$/, 'count'],
];

/** Whether a metric is a share of a run's held-out problems. */
export function isOfHeldOut(metric: string): boolean {
  return metric.startsWith('eval/') && quantityOf(metric) === 'share';
}

/** By the name of a metric, TRL's or the engine's own. */
export function quantityOf(metric: string): Quantity {
  return KINDS.find(([name]) => name.test(metric))?.[1] ?? 'number';
}

/** More than this many are counted in thousands and millions. */
const MOST_WRITTEN_OUT = 10_000;

/** A value in about three figures, with its unit; one that is no number says so. */
export function formatQuantity(value: number, quantity: Quantity, language: string): string {
  if (!Number.isFinite(value)) return formatMetric(value);
  switch (quantity) {
    case 'share':
      return formatPercent(value, language);
    case 'bytes':
      return formatBytes(value, language);
    case 'seconds':
      return value < 1 ? formatMilliseconds(value * 1000, language) : formatDuration(value * 1000, language);
    case 'milliseconds':
      return formatMilliseconds(value, language);
    case 'count':
      if (Math.abs(value) < MOST_WRITTEN_OUT) {
        return Number.isInteger(value) ? formatNumber(value, language) : formatMetric(value);
      }
      return numberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
    case 'amount':
    case 'number':
      return formatMetric(value);
  }
}
