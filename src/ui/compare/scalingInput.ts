// What a reader writes and chooses, as a request; and what was measured, as series. Pure.

import type { ScalingMeasure, ThinkingControl } from '../../protocol/protocol';
import type { Marker } from '../charts/PointChart';
import type { LineStyle } from '../charts/plot';

/** The whole numbers of a list between commas, or undefined if it is none. An empty text is an empty list. */
export function parseList(text: string, max: number): number[] | undefined {
  const parts = text.split(/[,，、\s]+/).filter((part) => part !== '');
  const values = parts.map(Number);
  if (!values.every((value) => Number.isInteger(value) && value >= 0 && value <= max)) return undefined;
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Each budget and each count of waits is measured on its own. */
export function controlsOf(budgets: readonly number[], waits: readonly number[]): ThinkingControl[] {
  return [
    ...budgets.map((budget) => ({ budget, waits: 0 })),
    ...waits.map((count) => ({ budget: null, waits: count })),
  ];
}

/** How the thinking was controlled in a measurement. */
export function kindOf({ control }: ScalingMeasure): 'free' | 'budget' | 'waits' {
  if (control === undefined) return 'free';
  return control.budget === null ? 'waits' : 'budget';
}

/** How the models measured together are told apart, and how a kind of control is marked. */
export const MODEL_COLORS = ['run-2', 'run-1'] as const;
export const KIND_MARKS: Readonly<
  Record<ReturnType<typeof kindOf>, { readonly marker: Marker; readonly line: Omit<LineStyle, 'color'> }>
> = {
  budget: { marker: 'disc', line: { widthPx: 2 } },
  waits: { marker: 'square', line: { widthPx: 2, dash: [2, 3] } },
  free: { marker: 'ring', line: { widthPx: 0 } },
};
