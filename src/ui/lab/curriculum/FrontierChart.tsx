// The largest size that is solved, over the steps in which a model taught itself: a line a run.
import { useTranslation } from 'react-i18next';
import { type MeasuredPoint, PointChart, type PointSeries, PointSwatch } from '../../charts/PointChart';
import { useFormat } from '../../format';

interface Curve {
  readonly label: string;
  readonly points: readonly { readonly step: number; readonly frontier: number }[];
}

interface FrontierChartProps {
  readonly title: string;
  readonly curves: readonly Curve[];
}

const COLORS = ['accent', 'run-2', 'run-3', 'run-4'];
/** From nothing on, so that a small step looks like one. */
const AXIS = [0, 4];
const DASHES = [undefined, [6, 4], [2, 4], [8, 3, 2, 3]] as const;

export function FrontierChart({ title, curves }: FrontierChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const series = curves.map(({ label, points }, i): PointSeries => {
    const dash = DASHES[i];
    return {
      label,
      style: { color: COLORS[i] ?? 'ink', widthPx: 2, ...(dash && { dash }) },
      marker: 'disc',
      points: points.map(
        ({ step, frontier }): MeasuredPoint => ({
          x: step,
          y: frontier,
          label: t('curriculum.point', { step: format.number(step), size: format.number(frontier) }),
        }),
      ),
    };
  });
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1">{title}</figcaption>
      <PointChart series={series} xLabel={t('curriculum.steps')} quantity="count" shown={AXIS} />
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-fine">
        {series.map((one) => (
          <li key={one.label} className="flex items-center gap-2">
            <PointSwatch series={one} />
            {one.label}
            <span className="sr-only">{one.points.map(({ label }) => label).join('; ')}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
