// What self-play did over its steps, as it was recorded: the moves that win, and the games that were won.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { PointChart, type PointSeries, PointSwatch } from '../../charts/PointChart';
import { useFormat } from '../../format';
import { curveOf, type Figure, OPPONENTS, recorded, teacherShare } from './recorded';

const LINES = {
  optimal: { color: 'accent', marker: 'disc' },
  optimalWhereRare: { color: 'run-2', marker: 'square' },
  legal: { color: 'soft', marker: 'ring' },
  random: { color: 'run-2', marker: 'square' },
  teacher: { color: 'accent', marker: 'disc' },
  perfect: { color: 'run-3', marker: 'ring' },
} as const;

export function StudyCharts() {
  const { t } = useTranslation();
  const moves = useSeries(['optimal', 'optimalWhereRare', 'legal'], (figure) => t(`nim.moveCurve.${figure}`));
  const games = useSeries(OPPONENTS, (opponent) => t(`nim.gameCurve.${opponent}`));
  const teacher = useTeachersLine();
  return (
    <div className="mt-3 grid gap-x-12 gap-y-8 md:grid-cols-2">
      <StudyChart title={t('nim.movesTitle')} series={[...moves, ...teacher]} />
      <StudyChart title={t('nim.gamesTitle')} series={games} />
    </div>
  );
}

function useSeries<Name extends Figure>(figures: readonly Name[], labelOf: (figure: Name) => string): PointSeries[] {
  const { t } = useTranslation();
  const format = useFormat();
  return figures
    .map((figure): PointSeries => {
      const { color, marker } = LINES[figure];
      const points = curveOf(figure).map(({ step, mean, low, high }) => ({
        x: step,
        y: mean,
        interval: { low, high },
        label: t('nim.point', {
          step: format.number(step),
          share: format.percent(mean),
          range: format.percentRange(low, high),
        }),
      }));
      return { label: labelOf(figure), style: { color, widthPx: 2 }, marker, points };
    })
    .filter(({ points }) => points.length > 0);
}

/** Its share of winning moves, from end to end: it does not learn. */
function useTeachersLine(): PointSeries[] {
  const { t } = useTranslation();
  const format = useFormat();
  const share = teacherShare('optimal');
  const steps = curveOf('optimal').map(({ step }) => step);
  if (share === null) return [];
  const label = format.percent(share);
  const points = [steps[0] ?? 0, steps.at(-1) ?? 0].map((x) => ({ x, y: share, label }));
  const style = { color: 'ink', widthPx: 1.5, dash: [6, 4] };
  return [{ label: t('nim.teachersMoves', { share: label }), style, marker: 'ring', points }];
}

function StudyChart({ title, series }: { readonly title: string; readonly series: readonly PointSeries[] }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <figure aria-labelledby={id} className="min-w-0">
      <figcaption id={id} className="font-semibold">
        {title}
      </figcaption>
      <PointChart series={series} xLabel={t('nim.steps')} />
      <ul className="space-y-1 text-fine">
        {series.map((one) => (
          <li key={one.label}>
            <span className="flex items-center gap-2">
              <PointSwatch series={one} />
              <span className="min-w-0">{one.label}</span>
            </span>
            <ul className="sr-only">
              {one.points.map(({ x, label }) => (
                <li key={x}>{label}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** What was measured, and on how much. */
export function useStudyText(): string {
  const { t } = useTranslation();
  const { difficulty, results, teacher } = recorded;
  return t('nim.studied', {
    stones: difficulty.max_stones,
    heaps: difficulty.max_heaps,
    count: results.length,
    positions: teacher.positions,
  });
}
