// One metric of the run: its name, its value at the step looked at, and its curve.
import { memo, useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepMetrics } from '../../protocol/protocol';
import { useInTurn } from '../components/turns';
import { useNames } from '../names';
import { ChartHeading } from './ChartHeading';
import { linesOf, stylesOf } from './lines';
import { quantityOf } from './quantity';
import { StepPlot, useStepLookedAt } from './StepPlot';
import { needsPoints, seriesOf, valueAt } from './series';
import { useFigure } from './useFigure';
import { useMetricText } from './useMetricText';

const STYLES = stylesOf({ color: 'accent', widthPx: 2 });

interface LineChartProps {
  readonly metric: string;
  readonly help: string | undefined;
  readonly steps: readonly StepMetrics[];
  readonly smoothing: number;
}

export const LineChart = memo(function LineChart({ metric, help, steps, smoothing }: LineChartProps) {
  const boxRef = useRef<HTMLDivElement>(null);
  const shown = useInTurn(
    useMemo(() => ({ steps, smoothing }), [steps, smoothing]),
    boxRef,
  );
  return (
    <div ref={boxRef} className="min-w-0">
      <Curve metric={metric} help={help} {...shown} />
    </div>
  );
});

const Curve = memo(function Curve({ metric, help, steps, smoothing }: LineChartProps) {
  const { t } = useTranslation();
  const label = useNames().metric(metric);
  const { show, read, summarise } = useMetricText(metric);
  const id = useId();
  const lookedAt = useStepLookedAt();
  const series = useMemo(() => seriesOf(steps, metric), [steps, metric]);
  const reading = valueAt(series, lookedAt ?? Number.POSITIVE_INFINITY);
  const lines = useMemo(() => linesOf(series.values, needsPoints(series), smoothing), [series, smoothing]);
  const figure = useFigure();
  const summary = useMemo(() => summarise(label, series), [summarise, label, series]);
  return (
    <>
      <ChartHeading
        id={id}
        label={label}
        help={help}
        figure={() =>
          figure({
            title: label,
            caption: summary,
            steps: series.steps,
            lines,
            styles: STYLES,
            quantity: quantityOf(metric),
            legend: [],
          })
        }
      >
        <b
          data-testid={`value-${metric}`}
          className="ml-auto shrink-0 leading-6 font-semibold whitespace-nowrap text-ink"
        >
          {reading ? (
            show(reading.value)
          ) : (
            <span title={t('chart.notMeasured')} className="font-normal text-soft">
              –
            </span>
          )}
        </b>
      </ChartHeading>
      <StepPlot
        labelledBy={id}
        steps={series.steps}
        lines={lines}
        styles={STYLES}
        quantity={quantityOf(metric)}
        reading={read(reading)}
        summary={summary}
      />
    </>
  );
});
