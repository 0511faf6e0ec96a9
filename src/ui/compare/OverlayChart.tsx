// One metric of several runs: a line a run, and each run's value at the step looked at.
import { useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComparedRun } from '../../state/comparison';
import { useInspect } from '../../state/inspect';
import { formatQuantity, quantityOf } from '../charts/quantity';
import { needsPoints, seriesOf, smooth, summarize, valueAt } from '../charts/series';
import { usePlot } from '../charts/usePlot';
import { useNames } from '../names';
import { overlay } from './overlay';
import { RunSwatch } from './RunSwatch';
import { RUN_STYLES } from './runStyles';

const HEIGHT_PX = 168;

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
  const show = (value: number) => formatQuantity(value, quantity, i18n.language);
  const series = useMemo(() => runs.map((one) => one && seriesOf(one.steps, metric)), [runs, metric]);
  const { steps, lines } = useMemo(() => {
    const { steps, values } = overlay(RUN_STYLES.map((_, place) => series[place]));
    const lines = values.map((one, place) => {
      const own = series[place];
      const hasPoints = own !== undefined && needsPoints(own);
      return { values: hasPoints ? one : smooth(one, smoothing), hasPoints };
    });
    return { steps, lines };
  }, [series, smoothing]);
  usePlot(boxRef, {
    steps,
    lines,
    styles: RUN_STYLES,
    mark: undefined,
    quantity,
    heightPx: HEIGHT_PX,
  });
  return (
    <figure className="min-w-0">
      <figcaption id={id} className="text-fine text-soft">
        {label}
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
              <span className="sr-only">{one.run.name}</span>
              {reading === undefined || first === undefined ? (
                <span className="text-soft">{t('chart.notMeasured')}</span>
              ) : (
                <span>
                  <span className="text-soft">{show(first)} → </span>
                  <b className="font-semibold">{show(reading.value)}</b>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </figure>
  );
}
