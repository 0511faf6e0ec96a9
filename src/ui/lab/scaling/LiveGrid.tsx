// A small grid of trainings on this device, its losses as they come, and their law once there are enough.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { fitLaw } from '../../../lib/scaling/fit';
import { stopGrid, trainGrid, useGrid } from '../../../state/page/gridOfRuns';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { useFormat } from '../../format';
import { LogChart, type LogSeries } from '../LogChart';
import { LawTable } from './lawTables';

const COLORS = ['run-1', 'run-2', 'run-3'];
/** Few enough that the page does not stand still. */
const RESAMPLES = 20;

export function LiveGrid() {
  const { t } = useTranslation();
  const format = useFormat();
  const { status, results, done, total, problem } = useGrid();
  const isReady = useSession((session) => session.status === 'ready');
  const isRunning = status === 'running';
  const fit = useMemo(() => (status === 'ended' ? fitLaw(results, 0, RESAMPLES) : undefined), [status, results]);
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
    <section className="min-w-0">
      <h2 className="caps mb-2">{t('laws.live')}</h2>
      <p className="text-soft">{t('laws.liveAbout')}</p>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="button button-primary"
          disabled={isRunning || !isReady}
          onClick={() => void trainGrid()}
        >
          {t('laws.train')}
        </button>
        {isRunning && (
          <button type="button" className="button" onClick={() => void stopGrid()}>
            {t('laws.stop')}
          </button>
        )}
        <span role="status">
          {isRunning && (total === 0 ? t('laws.begun') : t('laws.progress', { done, total }))}
          {status === 'stopped' && t('laws.stopped')}
        </span>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {results.length > 0 && (
        <div className="mt-4" data-testid="live-grid">
          <LogChart title={t('laws.liveFigure')} xLabel={t('laws.tokens')} yLabel={t('laws.loss')} series={series} />
        </div>
      )}
      {fit && (
        <div className="mt-4">
          <LawTable fit={fit} />
        </div>
      )}
    </section>
  );
}
