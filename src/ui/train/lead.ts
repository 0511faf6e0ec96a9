// The story of a run in numbers: how often it was right before and is now, and how much longer it thinks. Pure.
import { overlap, wilsonInterval } from '../../lib/wilson';
import type { StepMetrics } from '../../protocol/protocol';

export interface Lead {
  readonly step: number;
  /** What was measured first, and at which step: 0 or 1 is before anything was learned. */
  readonly before: number;
  readonly beforeStep: number;
  readonly now: number | undefined;
  /** Both lie within what chance alone may do on so many held-out problems: their intervals overlap. */
  readonly isUnsure: boolean;
  /** Measured on held-out problems, not on the answers that were learned from. */
  readonly isHeldOut: boolean;
  /** Mean tokens of thinking on held-out problems, now over before; undefined until it was measured twice. */
  readonly lengthRatio: number | undefined;
}

/** Steps whose mean time is taken, since one step's is noisy. */
const WINDOW = 5;

const valuesOf = (steps: readonly StepMetrics[], name: string) =>
  steps.flatMap(({ step, metrics }) => {
    const value = metrics[name];
    return value === undefined ? [] : [{ step, value }];
  });
const mean = (values: readonly { readonly value: number }[]) =>
  values.reduce((sum, { value }) => sum + value, 0) / values.length;

function mayBeChance(before: number, now: number, trials: number): boolean {
  return overlap(wilsonInterval(before * trials, trials), wilsonInterval(now * trials, trials));
}

/**
 * undefined until any accuracy was measured. Held-out accuracy if there is any, else that of the training answers.
 * @param problems that were held out; undefined: nobody said.
 */
export function findLead(steps: readonly StepMetrics[], problems?: number): Lead | undefined {
  const heldOut = valuesOf(steps, 'eval/accuracy');
  const measured = heldOut.length > 0 ? heldOut : valuesOf(steps, 'rewards/accuracy/mean');
  const first = measured[0];
  const last = measured[measured.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const lengths = valuesOf(steps, 'eval/mean_thinking_length').map(({ value }) => value);
  const ratio = (lengths[lengths.length - 1] ?? Number.NaN) / (lengths[0] ?? Number.NaN);
  const isHeldOut = heldOut.length > 0;
  return {
    step: last.step,
    before: first.value,
    beforeStep: first.step,
    now: measured.length > 1 ? last.value : undefined,
    isUnsure: isHeldOut && problems !== undefined && mayBeChance(first.value, last.value, problems),
    isHeldOut,
    lengthRatio: lengths.length > 1 && Number.isFinite(ratio) ? ratio : undefined,
  };
}

/** In which words to tell a ratio of lengths: none left, about the same, shorter, twice, three times, or a number. */
export function lengthWords(
  ratio: number,
): 'leadNone' | 'leadSame' | 'leadShorter' | 'leadTwice' | 'leadThrice' | 'leadTimes' {
  if (ratio < 0.05) return 'leadNone';
  if (ratio < 0.9) return 'leadShorter';
  if (ratio <= 1.1) return 'leadSame';
  if (Math.abs(ratio - 2) <= 0.15) return 'leadTwice';
  return Math.abs(ratio - 3) <= 0.2 ? 'leadThrice' : 'leadTimes';
}

/** Mean time of the last steps and the time the rest will take at that pace, in milliseconds. */
export function findPace(
  steps: readonly StepMetrics[],
  step: number,
  maxSteps: number,
): { readonly stepMs: number; readonly leftMs: number } | undefined {
  const times = valuesOf(steps.slice(-WINDOW), 'step_time');
  if (times.length === 0) return undefined;
  const stepMs = mean(times) * 1000;
  return { stepMs, leftMs: Math.max(0, maxSteps - step) * stepMs };
}
