// The study that ships with the page: what `npm run cli -- self-play --json` printed, without the metrics of its steps.
import { meanAndStd } from '../../../lib/meanAndStd';
import study from './study.json';

/** Shares of moves and of games, as the study measured them; null where no position asked for it. */
interface Measure {
  readonly positions: number;
  readonly optimal: number;
  readonly legal: number;
  readonly optimalWhereRare: number | null;
  readonly wins: Readonly<
    Record<'random' | 'teacher' | 'perfect', { readonly first: number; readonly second: number }>
  >;
}

interface Study {
  readonly difficulty: Readonly<Record<string, number>>;
  readonly teacher: Measure;
  readonly results: readonly {
    readonly seed: number;
    readonly points: readonly { readonly stage: string; readonly step: number; readonly measure: Measure }[];
  }[];
}

export const recorded: Study = study;

export const OPPONENTS = ['random', 'teacher', 'perfect'] as const;

/** What is drawn: the share of moves that win, of those where the teacher hardly makes one, and of games that were won. */
export type Figure = 'optimal' | 'optimalWhereRare' | 'legal' | (typeof OPPONENTS)[number];

function read(measure: Measure, figure: Figure): number | null {
  if (figure === 'optimal' || figure === 'optimalWhereRare' || figure === 'legal') return measure[figure];
  return measure.wins[figure].first;
}

/** Over the seeds, after so many steps of self-play. */
export interface RecordedPoint {
  readonly step: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The pupil stands at step 0, since self-play begins with it. */
export function curveOf(figure: Figure, { results }: Study = recorded): RecordedPoint[] {
  const values = new Map<number, number[]>();
  for (const { points } of results) {
    for (const { stage, step, measure } of points) {
      const value = read(measure, figure);
      const at = stage === 'player' ? step : 0;
      if (value !== null) values.set(at, [...(values.get(at) ?? []), value]);
    }
  }
  return [...values]
    .toSorted(([a], [b]) => a - b)
    .map(([step, of]) => ({ step, mean: meanAndStd(of).mean, low: Math.min(...of), high: Math.max(...of) }));
}

/** Of the teacher's own moves, on the same positions. */
export const teacherShare = (figure: Figure): number | null => read(recorded.teacher, figure);
