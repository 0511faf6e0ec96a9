// One metric of several runs: a line a run, and each run's value at the step looked at.

import { useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComparedRun } from '../../state/comparison';
import { useInspect } from '../../state/page/inspect';
import { runTitle } from '../../state/runTitle';
import { FigureMenu } from '../charts/FigureMenu';
import { linesOf, stylesOf } from '../charts/lines';
import type { LineStyle } from '../charts/plot';
import { formatQuantity, isOfHeldOut, quantityOf } from '../charts/quantity';
import { needsPoints, seriesOf, summarize, valueAt } from '../charts/series';
import { useFigure } from '../charts/useFigure';
import { useMetricText } from '../charts/useMetricText';
import { usePlot } from '../charts/usePlot';
import { useShareText } from '../components/MeasuredShare';
import { useNames } from '../names';
import { overlay } from './overlay';
import { RunSwatch } from './RunSwatch';
import { RUN_STYLES } from './runStyles';

const HEIGHT_PX = 168;
const STYLES = RUN_STYLES.flatMap(stylesOf);

interface OverlayChartProps {
  readonly metric: string;
  readonly runs: readonly (ComparedRun | undefined)[];
  readonly smoothing: number;
}

export function OverlayChart({ metric, runs, smoothing }: OverlayChartProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const label = useNames().metric(metric);
  const boxRef = useRef<HTMLDivElement>(null);
  const hoverStep = useInspect((state) => state.hoverStep);
  const quantity = quantityOf(metric);
  const { summarise } = useMetricText(metric);
  const share = useShareText();
  const write = (value: number, { settings, madeElsewhere }: ComparedRun['run'], isCountSaid = false) =>
    isOfHeldOut(metric)
      ? share(value, madeElsewhere ? undefined : settings.evalProblems, isCountSaid)
      : formatQuantity(value, quantity, i18n.language);
  const series = useMemo(() => runs.map((one) => one && seriesOf(one.steps, metric)), [runs, metric]);
  const { steps, lines } = useMemo(() => {
    const { steps, values } = overlay(RUN_STYLES.map((_, place) => series[place]));
    const lines = values.flatMap((one, place) => {
      const own = series[place];
      return linesOf(one, own !== undefined && needsPoints(own), smoothing);
    });
    return { steps, lines };
  }, [series, smoothing]);
  usePlot(boxRef, {
    steps,
    lines,
    styles: STYLES,
    mark: undefined,
    quantity,
    heightPx: HEIGHT_PX,
  });
  const figure = useFigure();
  const shown = () => {
    const drawn = runs.flatMap((one, place) => (one ? [{ name: runTitle(one.run), place, own: series[place] }] : []));
    return figure({
      title: label,
      caption: drawn.map(({ name, own }) => (own ? summarise(name, own) : '')).join(' '),
      ...{ steps, lines, styles: STYLES, quantity },
      legend: drawn.map(({ name, place }) => ({ name, style: RUN_STYLES[place] as LineStyle })),
    });
  };
  return (
    <figure aria-labelledby={id} className="min-w-0">
      <figcaption className="flex min-h-6 items-center gap-1 text-fine text-soft">
        <span id={id} title={label} className="truncate">
          {label}
        </span>
        <FigureMenu figure={shown} />
      </figcaption>
      {/* The values beside the chart say what it draws. */}
      <div ref={boxRef} aria-hidden="true" className="h-42 min-w-0" />
      <ul aria-labelledby={id} className="flex flex-wrap gap-x-4 text-fine">
        {runs.map((one, place) => {
          const own = series[place];
          if (one === undefined || own === undefined) return null;
          const reading = valueAt(own, hoverStep ?? Number.POSITIVE_INFINITY);
          const first = summarize(own)?.first;
          return (
            <li key={one.run.id} className="flex items-center gap-1.5">
              <RunSwatch place={place} />
              <span className="sr-only">{runTitle(one.run)}</span>
              {reading === undefined || first === undefined ? (
                <span className="text-soft">{t('chart.notMeasured')}</span>
              ) : (
                <span>
                  <span className="text-soft">{write(first, one.run, true)} → </span>
                  <b className="font-semibold">{write(reading.value, one.run)}</b>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
