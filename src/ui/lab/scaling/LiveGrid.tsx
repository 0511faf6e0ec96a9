// A small grid of trainings on this device, its losses as they come, and their law once there are enough.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { fitLaw } from '../../../lib/scaling/fit';
import { stopGrid, trainGrid, useGrid } from '../../../state/page/gridOfRuns';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { GridFigure, GridProgress } from './GridFigure';
import { LawTable } from './lawTables';

/** Few enough that the page does not stand still. */
const RESAMPLES = 20;

export function LiveGrid() {
  const { t } = useTranslation();
  const { status, results, problem } = useGrid();
  const isReady = useSession((session) => session.status === 'ready');
  const isRunning = status === 'running';
  const fit = useMemo(() => (status === 'ended' ? fitLaw(results, 0, RESAMPLES) : undefined), [status, results]);
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
        <GridProgress />
      </div>
      {problem && <ProblemNote problem={problem} />}
      <GridFigure />
      {fit && (
        <div className="mt-4">
          <LawTable fit={fit} />
        </div>
      )}
    </section>
  );
}
