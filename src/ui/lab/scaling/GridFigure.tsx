// The losses of a grid that is trained here, by tokens read, a line a size, as they come.
import { useTranslation } from 'react-i18next';
import { useGrid } from '../../../state/page/gridOfRuns';
import { useFormat } from '../../format';
import { LogChart, type LogSeries } from '../LogChart';

const COLORS = ['run-1', 'run-2', 'run-3'];

export function GridFigure() {
  const { t } = useTranslation();
  const format = useFormat();
  const results = useGrid((grid) => grid.results);
  if (results.length === 0) return null;
  const sizes = [...new Set(results.map(({ parameters }) => parameters))];
  const series = sizes.map((size, i): LogSeries => {
    const dots = results
      .filter(({ parameters }) => parameters === size)
      .map(({ tokens, loss }) => ({
        x: tokens,
        y: loss,
        label: t('laws.point', { tokens: format.number(tokens), loss: format.number(loss, 3) }),
      }));
    return { label: t('laws.size', { size: format.number(size) }), color: COLORS[i] ?? 'ink', dots, line: dots };
  });
  return (
    <div className="mt-4" data-testid="live-grid">
      <LogChart title={t('laws.liveFigure')} xLabel={t('laws.tokens')} yLabel={t('laws.loss')} series={series} />
    </div>
  );
}

/** How far it is. */
export function GridProgress() {
  const { t } = useTranslation();
  const { status, done, total } = useGrid();
  return (
    <span role="status">
      {status === 'running' && (total === 0 ? t('laws.begun') : t('laws.progress', { done, total }))}
      {status === 'stopped' && t('laws.stopped')}
    </span>
  );
}
