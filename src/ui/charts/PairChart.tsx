// Two metrics of one kind in one chart, each with its line, its name and its value at the step looked at.
import { memo, useId, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepMetrics } from '../../protocol/protocol';
import { useInTurn } from '../components/turns';
import { ChartHeading } from './ChartHeading';
import { LineSwatch } from './LineSwatch';
import { linesOf, stylesOf } from './lines';
import type { LineStyle } from './plot';
import { quantityOf } from './quantity';
import { StepPlot, useStepLookedAt } from './StepPlot';
import { needsPoints, seriesOf, valueAt } from './series';
import { useFigure } from './useFigure';
import { useMetricText } from './useMetricText';

/** What is drawn together, and how the two are told apart: by colour and by dashes. */
export interface MetricPair {
  readonly name: 'thinkingLength' | 'thinkingLanguage';
  readonly metrics: readonly [string, string];
  readonly styles: readonly [LineStyle, LineStyle];
}

export const PAIRS: readonly MetricPair[] = [
  {
    name: 'thinkingLength',
    metrics: ['completions/mean_thinking_length', 'eval/mean_thinking_length'],
    styles: [
      { color: 'accent', widthPx: 2 },
      { color: 'run-2', widthPx: 2, dash: [2, 3] },
    ],
  },
  {
    name: 'thinkingLanguage',
    metrics: ['completions/thinking_language/en', 'completions/thinking_language/zh'],
    styles: [
      { color: 'lang-en', widthPx: 2 },
      { color: 'lang-zh', widthPx: 2, dash: [2, 3] },
    ],
  },
];

interface PairChartProps {
  readonly pair: MetricPair;
  readonly steps: readonly StepMetrics[];
  readonly smoothing: number;
}

export const PairChart = memo(function PairChart({ pair, steps, smoothing }: PairChartProps) {
  const boxRef = useRef<HTMLDivElement>(null);
  const shown = useInTurn(
    useMemo(() => ({ steps, smoothing }), [steps, smoothing]),
    boxRef,
  );
  return (
    <div ref={boxRef} className="min-w-0">
      <Curves pair={pair} {...shown} />
    </div>
  );
});

const Curves = memo(function Curves({ pair, steps, smoothing }: PairChartProps) {
  const { t } = useTranslation();
  const names = [t(`chart.pair.${pair.name}.first`), t(`chart.pair.${pair.name}.second`)];
  const { show, read, summarise } = useMetricText(pair.metrics[0]);
  const id = useId();
  const lookedAt = useStepLookedAt();
  const series = useMemo(() => pair.metrics.map((metric) => seriesOf(steps, metric)), [pair, steps]);
  const lines = useMemo(
    () => series.flatMap((one) => linesOf(one.values, needsPoints(one), smoothing)),
    [series, smoothing],
  );
  const styles = useMemo(() => pair.styles.flatMap(stylesOf), [pair]);
  const readings = series.map((one) => valueAt(one, lookedAt ?? Number.POSITIVE_INFINITY));
  const figure = useFigure();
  const label = t(`chart.pair.${pair.name}.label`);
  const summary = series.map((one, i) => summarise(names[i] ?? '', one)).join(' ');
  return (
    <>
      <ChartHeading
        id={id}
        label={label}
        help={t(`chart.pair.${pair.name}.help`)}
        figure={() =>
          figure({
            title: label,
            caption: summary,
            steps: series[0]?.steps ?? [],
            lines,
            styles,
            quantity: quantityOf(pair.metrics[0]),
            legend: pair.styles.map((style, i) => ({ name: names[i] ?? '', style })),
          })
        }
      />
      <StepPlot
        labelledBy={id}
        steps={series[0]?.steps ?? []}
        lines={lines}
        styles={styles}
        quantity={quantityOf(pair.metrics[0])}
        reading={names.map((name, i) => `${name}: ${read(readings[i])}`).join('; ')}
        summary={summary}
      />
      <ul className="flex flex-wrap gap-x-4 text-fine text-soft">
        {pair.metrics.map((metric, i) => (
          <li key={metric} className="flex items-center gap-1.5">
            <LineSwatch style={pair.styles[i]} />
            {names[i]}
            <b data-testid={`value-${metric}`} className="font-semibold text-ink">
              {readings[i] ? show(readings[i].value) : '–'}
            </b>
          </li>
        ))}
      </ul>
    </>
  );
});
