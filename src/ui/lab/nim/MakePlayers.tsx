// Makes both players by the small form of the pipeline self-play, and says how far it is.
import { useTranslation } from 'react-i18next';
import { runNamedPipeline, stopPipeline, usePipelineDesk } from '../../../state/page/pipelineDesk';
import { PIPELINE, PLAYERS, useNimPlayers } from './useNimPlayers';

export function MakePlayers() {
  const { t } = useTranslation();
  const { run, progress, made } = useNimPlayers();
  const isPending = usePipelineDesk(({ pending }) => pending !== undefined);
  if (made.length === PLAYERS.length) return null;
  if (run?.status === 'running') {
    const { name, done, total } = progress ?? { name: run.next ?? '', done: 0, total: 1 };
    return (
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-fine text-soft">
        <span>{t('nim.making', { stage: name, done, total })}</span>
        <progress
          aria-label={t('nim.progress')}
          className="h-1 min-w-24 flex-1 accent-accent"
          value={done}
          max={total}
        />
        <button type="button" className="button" disabled={isPending} onClick={() => void stopPipeline()}>
          {t('nim.stop')}
        </button>
      </div>
    );
  }
  return (
    <>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('nim.makeHint')}</p>
      <button
        type="button"
        className="button button-primary mt-2"
        disabled={isPending}
        onClick={() => void runNamedPipeline(PIPELINE)}
      >
        {t(run ? 'nim.goOn' : 'nim.make')}
      </button>
    </>
  );
}
