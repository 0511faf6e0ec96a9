// Series of several runs over the same steps. Pure.
import type { Series } from '../charts/series';

export interface Overlay {
  /** Every step that any run has, in order. */
  readonly steps: readonly number[];
  /** For each run, one value a step; null where it has none. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Lays series over one another. An undefined one is a line without values. */
export function overlay(series: readonly (Series | undefined)[]): Overlay {
  const steps = [...new Set(series.flatMap((one) => one?.steps ?? []))].sort((a, b) => a - b);
  const values = series.map((one) => {
    const at = new Map(one?.steps.map((step, i) => [step, one.values[i] ?? null]));
    return steps.map((step) => at.get(step) ?? null);
  });
  return { steps, values };
}
