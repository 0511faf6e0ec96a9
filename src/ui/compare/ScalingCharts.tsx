// What was measured of test-time scaling: accuracy over the length of the thinking, and pass@k and maj@k over the
// number of answers.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScalingMeasure } from '../../protocol/protocol';
import { FigureMenu } from '../charts/FigureMenu';
import { PointChart, type PointSeries, PointSwatch } from '../charts/PointChart';
import { pointFigure } from '../charts/pointFigure';
import { useFormat } from '../format';
import { KIND_MARKS, kindOf, MODEL_COLORS } from './scalingInput';

interface ScalingChartsProps {
  readonly names: readonly string[];
  readonly measures: readonly (readonly ScalingMeasure[])[];
}

export function ScalingCharts({ names, measures }: ScalingChartsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const controlName = useControlName();
  const percent = (share: number) => format.percent(share, 1);
  const thinking = names.flatMap((name, place) =>
    (['budget', 'waits', 'free'] as const).map((kind): PointSeries => {
      const { marker, line } = KIND_MARKS[kind];
      const points = (measures[place] ?? [])
        .filter((measure) => kindOf(measure) === kind)
        .map((measure) => ({
          x: measure.meanThinkingTokens,
          y: measure.accuracy,
          interval: measure.accuracyInterval,
          label: `${controlName(measure)}, ${percent(measure.accuracy)}`,
        }));
      return { label: `${name}, ${t(`scaling.kind.${kind}`)}`, style: styleOf(place, line), marker, points };
    }),
  );
  const votes = names.flatMap((name, place) =>
    (['pass', 'majority'] as const).map((kind): PointSeries => {
      const { marker, line } = KIND_MARKS[kind === 'pass' ? 'budget' : 'waits'];
      const free = measures[place]?.find((measure) => kindOf(measure) === 'free');
      const points = (free?.votes ?? []).map((point) => ({
        x: point.k,
        y: point[kind],
        label: `k = ${point.k}, ${percent(point[kind])}`,
      }));
      return { label: `${name}, ${t(`scaling.vote.${kind}`)}`, style: styleOf(place, line), marker, points };
    }),
  );
  return (
    <div className="mt-5 grid gap-x-10 gap-y-8 md:grid-cols-2">
      <Figure
        title={t('scaling.thinkingChart')}
        help={t('scaling.thinkingChartHelp')}
        series={thinking}
        xLabel={t('scaling.thinkingAxis')}
      />
      <Figure
        title={t('scaling.votesChart')}
        help={t('scaling.votesChartHelp')}
        series={votes}
        xLabel={t('scaling.votesAxis')}
        isLogarithmic
      />
    </div>
  );
}

function styleOf(place: number, line: (typeof KIND_MARKS)['free']['line']): PointSeries['style'] {
  return { ...line, color: MODEL_COLORS[place] ?? 'ink' };
}

/** `as it likes`, `at most 8 tokens`, `wait × 1`. */
export function useControlName(): (measure: ScalingMeasure) => string {
  const { t } = useTranslation();
  return ({ control }) => {
    if (control === undefined) return t('scaling.free');
    return control.budget === null
      ? t('scaling.waitsAre', { count: control.waits })
      : t('scaling.budgetIs', { count: control.budget });
  };
}

interface FigureProps {
  readonly title: string;
  readonly help: string;
  readonly series: readonly PointSeries[];
  readonly xLabel: string;
  readonly isLogarithmic?: boolean;
}

function Figure({ title, help, series, xLabel, isLogarithmic = false }: FigureProps) {
  const id = useId();
  const drawn = series.filter(({ points }) => points.length > 0);
  return (
    <figure aria-labelledby={id} className="min-w-0" data-testid={isLogarithmic ? 'votes-chart' : 'thinking-chart'}>
      <figcaption className="flex items-center gap-1">
        <span id={id}>{title}</span>
        {drawn.length > 0 && <FigureMenu figure={() => pointFigure(drawn, { title, caption: 'Soliloquy', xLabel })} />}
      </figcaption>
      <p className="text-fine text-soft">{help}</p>
      <PointChart series={drawn} xLabel={xLabel} isLogarithmic={isLogarithmic} />
      <ul className="grid gap-x-6 text-fine sm:grid-cols-2">
        {drawn.map((one) => (
          <li key={one.label} className="flex items-center gap-2">
            <PointSwatch series={one} />
            <span className="min-w-0">{one.label}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
