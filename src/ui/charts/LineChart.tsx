// One metric of the run: its name, its value at the step looked at, and its curve. Arrow keys move the step, a click
// fixes it; a sentence says to those who cannot see the curve how it went.
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { focusOn, hoverOver, useInspect } from '../../state/inspect';
import { Hint } from '../components/Hint';
import { formatMetric, useFormat } from '../format';
import { useNames } from '../names';
import { createPlot, type Plot } from './plot';
import { isShare, type Series, summarize, valueAt } from './series';
import { useColorScheme } from './useColorScheme';

const HEIGHT_PX = 112;

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
  usePlot(boxRef, { series, smoothing, focusStep, show, isShare: isShare(metric) });

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

interface PlotInput {
  readonly series: Series;
  readonly smoothing: number;
  readonly focusStep: number | undefined;
  readonly show: (value: number) => string;
  readonly isShare: boolean;
}

/** Keeps a uPlot chart inside the box, in its size, its colours and its data. */
function usePlot(boxRef: { readonly current: HTMLDivElement | null }, input: PlotInput): void {
  const scheme = useColorScheme();
  const plotRef = useRef<Plot>(undefined);
  const inputRef = useRef(input);
  inputRef.current = input;
  const draw = () => {
    const { series, smoothing, focusStep } = inputRef.current;
    plotRef.current?.update(series, smoothing);
    plotRef.current?.mark(focusStep);
  };
  const drawRef = useRef(draw);
  useEffect(() => {
    const box = boxRef.current;
    if (box === null) return;
    // The scheme's colours are read once, when the chart is made.
    box.dataset.scheme = scheme;
    const observer = new ResizeObserver(() => plotRef.current?.resize(box.clientWidth));
    // Many charts appear at once; each in a task of its own, none holds up the page.
    const timer = setTimeout(() => {
      plotRef.current = createPlot(box, {
        width: box.clientWidth,
        height: HEIGHT_PX,
        isShare: inputRef.current.isShare,
        formatValue: (value) => inputRef.current.show(value),
        onHover: hoverOver,
      });
      drawRef.current();
      observer.observe(box);
    });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      plotRef.current?.destroy();
      plotRef.current = undefined;
    };
  }, [scheme, boxRef]);
  const { series, smoothing, focusStep } = input;
  useEffect(() => {
    plotRef.current?.update(series, smoothing);
  }, [series, smoothing]);
  useEffect(() => {
    plotRef.current?.mark(focusStep);
  }, [focusStep]);
}
