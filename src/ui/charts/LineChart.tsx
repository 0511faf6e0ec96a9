// One metric of the run: its name, its value at the step looked at, and its curve. Arrow keys move the step, a click
// fixes it; a sentence says to those who cannot see the curve how it went.
import { type KeyboardEvent, useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { focusOn, useInspect } from '../../state/inspect';
import { Hint } from '../components/Hint';
import { formatMetric, useFormat } from '../format';
import { useNames } from '../names';
import type { LineStyle } from './plot';
import { isShare, isSparse, type Series, smooth, summarize, valueAt } from './series';
import { usePlot } from './usePlot';

const HEIGHT_PX = 112;
/** The values as they are, faint, and over them the smoothed ones. */
const STYLES: readonly LineStyle[] = [
  { color: 'faint', widthPx: 1 },
  { color: 'accent', widthPx: 2 },
];

interface LineChartProps {
  readonly metric: string;
  readonly help: string | undefined;
  readonly series: Series;
  readonly smoothing: number;
}

export function LineChart({ metric, help, series, smoothing }: LineChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useNames().metric(metric);
  const id = useId();
  const boxRef = useRef<HTMLDivElement>(null);
  const focusStep = useInspect((state) => state.focusStep);
  const hoverStep = useInspect((state) => state.hoverStep);
  const show = (value: number) => (isShare(metric) ? format.percent(value) : formatMetric(value));
  const first = series.steps[0];
  const last = series.steps[series.steps.length - 1];
  const current = hoverStep ?? focusStep ?? last;
  const reading = current === undefined ? undefined : valueAt(series, current);
  const summary = summarize(series);
  const lines = useMemo(() => linesOf(series, smoothing), [series, smoothing]);
  usePlot(boxRef, {
    steps: series.steps,
    lines,
    styles: STYLES,
    mark: focusStep,
    formatValue: show,
    isShare: isShare(metric),
    heightPx: HEIGHT_PX,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (first === undefined || last === undefined) return;
    const from = focusStep ?? last;
    const target = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: first, End: last }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    focusOn(target >= last ? undefined : Math.max(first, target));
  };
  return (
    <div className="min-w-0">
      <div className="flex min-h-10 items-end gap-1 text-fine leading-tight text-soft sm:min-h-6">
        <h3 id={id} className="self-end sm:truncate sm:leading-6">
          {label}
        </h3>
        {help && <Hint about={label}>{help}</Hint>}
        <b data-testid={`value-${metric}`} className="ml-auto leading-6 font-semibold text-ink">
          {reading ? show(reading.value) : <span className="font-normal text-soft">{t('chart.notMeasured')}</span>}
        </b>
      </div>
      <div
        ref={boxRef}
        role="slider"
        tabIndex={0}
        aria-labelledby={id}
        aria-describedby={`${id}-summary`}
        aria-valuemin={first ?? 0}
        aria-valuemax={last ?? 0}
        aria-valuenow={current ?? 0}
        aria-valuetext={
          reading ? t('chart.at', { step: reading.step, value: show(reading.value) }) : t('chart.notMeasured')
        }
        onKeyDown={onKeyDown}
        onClick={() => hoverStep !== undefined && focusOn(hoverStep === last ? undefined : hoverStep)}
        className="h-28 min-w-0"
      />
      <p id={`${id}-summary`} className="sr-only">
        {summary
          ? t('chart.summary', {
              ...summary,
              name: label,
              first: show(summary.first),
              last: show(summary.last),
              min: show(summary.min),
              max: show(summary.max),
            })
          : t('chart.empty', { name: label })}
      </p>
    </div>
  );
}

/** A metric measured now and then is drawn once, unsmoothed, with a point at each value. */
function linesOf(series: Series, smoothing: number) {
  const hasPoints = isSparse(series);
  return [
    { values: hasPoints ? series.values.map(() => null) : series.values, hasPoints: false },
    { values: hasPoints ? series.values : smooth(series.values, smoothing), hasPoints },
  ];
}
