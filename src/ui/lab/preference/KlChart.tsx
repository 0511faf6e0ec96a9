// Over KL from the start: what the learned reward makes of the answers, how many are right, and the same of the verifier's run.
import { useTranslation } from 'react-i18next';
import type { KlPoint } from '../../../state/klCurve';
import { useFormat } from '../../format';
import { LogChart, type LogSeries } from '../LogChart';

interface KlChartProps {
  readonly title: string;
  readonly learned: readonly KlPoint[];
  readonly verified: readonly KlPoint[];
}

/** Where the axis begins: nearer to the start than this nothing is to be seen. */
const LEAST = 1e-3;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

export function KlChart({ title, learned, verified }: KlChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const series = (
    label: string,
    color: string,
    points: readonly KlPoint[],
    of: (point: KlPoint) => number | undefined,
    dash?: string,
  ): LogSeries => {
    const dots = points.flatMap((point) => {
      const y = of(point);
      if (y === undefined || !(point.kl >= LEAST)) return [];
      return [{ x: point.kl, y, label: `${format.percent(y)}, KL ${format.number(point.kl, 3)}` }];
    });
    return { label, color, dots, line: dots, ...(dash !== undefined && { dash }) };
  };
  const all = [
    series(t('rlhf.preferred'), 'run-2', learned, ({ preferred }) => preferred, '5 4'),
    series(t('rlhf.truthOfLearned'), 'run-1', learned, ({ truth }) => truth),
    series(t('rlhf.truthOfVerified'), 'run-3', verified, ({ truth }) => truth),
  ].filter(({ dots = [] }) => dots.length > 1);
  if (all.length === 0) return null;
  return (
    <div className="mt-4" data-testid="kl-chart">
      <LogChart title={title} xLabel={t('rlhf.kl')} yLabel={t('rlhf.share')} series={all} yTicks={SHARES} />
    </div>
  );
}
