// The figures of the recorded grid.
import { useTranslation } from 'react-i18next';
import { CHINCHILLA, effectiveTokens, KAPLAN_EXPONENT, predictedLoss, sizeExponent } from '../../../lib/scaling/law';
import { useFormat } from '../../format';
import { LogChart, type LogSeries } from '../LogChart';
import { fit, onceTrained, optimal, repeatedRuns, repeats } from './recorded';

const COLORS = ['run-1', 'run-2', 'run-3', 'run-4', 'lang-en'];
const POINTS = 24;

/** Values as far apart as each other on a logarithmic axis, ends included. */
function spread(values: readonly number[], count = POINTS): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));
}

const unique = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
const sizes = unique(onceTrained.map(({ parameters }) => parameters));
const lengths = unique(onceTrained.map(({ tokens }) => tokens));

/** Loss by tokens, a line a size. */
export function LengthChart() {
  const { t } = useTranslation();
  const format = useFormat();
  const pointText = (tokens: number, loss: number) =>
    t('laws.point', { tokens: format.number(tokens), loss: format.number(loss, 3) });
  const series = sizes.map(
    (size, i): LogSeries => ({
      label: t('laws.size', { size: format.number(size) }),
      color: COLORS[i % COLORS.length] ?? 'ink',
      dots: onceTrained
        .filter(({ parameters }) => parameters === size)
        .map(({ tokens, loss }) => ({ x: tokens, y: loss, label: pointText(tokens, loss) })),
      line: spread(lengths).map((tokens) => ({ x: tokens, y: predictedLoss(fit.law, size, tokens) })),
    }),
  );
  return <LogChart title={t('laws.byLength')} xLabel={t('laws.tokens')} yLabel={t('laws.loss')} series={series} />;
}

/** Loss by size at the same computing. */
export function BudgetChart() {
  const { t } = useTranslation();
  const series = optimal
    .filter((_, i) => i > 0 && i < optimal.length - 1)
    .map(
      ({ flops, parameters, tokens }, i): LogSeries => ({
        label: t('laws.budget', { flops: flops.toExponential(0).replace('e+', 'e') }),
        color: COLORS[i % COLORS.length] ?? 'ink',
        line: spread(sizes)
          .map((size) => ({ x: size, y: predictedLoss(fit.law, size, flops / 6 / size) }))
          .filter(({ y }) => y < 2),
        dots: [{ x: parameters, y: predictedLoss(fit.law, parameters, tokens), label: t('laws.least') }],
      }),
    );
  return <LogChart title={t('laws.byBudget')} xLabel={t('laws.parameters')} yLabel={t('laws.loss')} series={series} />;
}

/** The best size by computing, with its error bars, and the slopes of the literature. */
export function OptimalChart() {
  const { t } = useTranslation();
  const format = useFormat();
  const middle = optimal[Math.floor(optimal.length / 2)] ?? optimal[0];
  if (!middle) return null;
  const budgets = optimal.map(({ flops }) => flops);
  const slope = (exponent: number) =>
    budgets.map((flops) => ({ x: flops, y: middle.parameters * (flops / middle.flops) ** exponent }));
  const exponent = sizeExponent(fit.law);
  const series: LogSeries[] = [
    {
      label: t('laws.here', { exponent: format.number(exponent, 2) }),
      color: 'accent',
      line: optimal.map(({ flops, parameters }) => ({ x: flops, y: parameters })),
      dots: optimal.map(({ flops, parameters, bounds }) => ({
        x: flops,
        y: parameters,
        label: `${format.number(parameters)} (${format.number(bounds.low)} – ${format.number(bounds.high)})`,
      })),
    },
    ...(['low', 'high'] as const).map(
      (end): LogSeries => ({
        label: t(`laws.${end}`),
        color: 'accent',
        dash: '2 4',
        line: optimal.map(({ flops, bounds }) => ({ x: flops, y: bounds[end] })),
      }),
    ),
    {
      label: t('laws.chinchilla', { exponent: format.number(sizeExponent(CHINCHILLA), 2) }),
      color: 'run-2',
      dash: '6 4',
      line: slope(sizeExponent(CHINCHILLA)),
    },
    {
      label: t('laws.kaplan', { exponent: KAPLAN_EXPONENT }),
      color: 'run-3',
      dash: '8 3 2 3',
      line: slope(KAPLAN_EXPONENT),
    },
  ];
  return (
    <LogChart
      title={t('laws.optimal')}
      xLabel={t('laws.flops')}
      yLabel={t('laws.parameters')}
      series={series}
      isYLogarithmic
    />
  );
}

/** Loss by how often the same texts were read, at the same number of tokens read. */
export function RepeatChart() {
  const { t } = useTranslation();
  const format = useFormat();
  const series = unique(repeatedRuns.map(({ parameters }) => parameters)).map((size, i): LogSeries => {
    const runs = repeatedRuns.filter(({ parameters }) => parameters === size);
    const tokens = runs[0]?.tokens ?? 1;
    const fresh = onceTrained.filter((run) => run.parameters === size && Math.abs(run.tokens / tokens - 1) < 0.05);
    const all = [...fresh, ...runs];
    return {
      label: t('laws.size', { size: format.number(size) }),
      color: COLORS[i] ?? 'ink',
      dots: all.map((run) => ({
        x: run.tokens / run.uniqueTokens,
        y: run.loss,
        label: t('laws.repeat', {
          times: format.number(run.tokens / run.uniqueTokens, 1),
          loss: format.number(run.loss, 3),
        }),
      })),
      line: spread(all.map((run) => run.tokens / run.uniqueTokens)).map((times) => ({
        x: times,
        y: predictedLoss(fit.law, size, effectiveTokens(tokens, tokens / times, repeats.halving)),
      })),
    };
  });
  return <LogChart title={t('laws.repeated')} xLabel={t('laws.times')} yLabel={t('laws.loss')} series={series} />;
}
