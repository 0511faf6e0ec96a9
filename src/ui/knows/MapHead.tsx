// How the map came to be, and what can be done about it: measured here or elsewhere, going on, waiting, deleted.
import { useTranslation } from 'react-i18next';
import { forgetKnowledge, startKnowledge, stopKnowledge, useKnowledgeMap } from '../../state/page/knowledge';
import type { KnowledgeMap } from '../../tasks/knowledgeMap';
import { Badge } from '../components/Badge';
import { useFormat } from '../format';
import { mostProblems } from './GridTable';

export function MapHead({ map, total }: { readonly map: KnowledgeMap; readonly total: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const status = useKnowledgeMap((state) => state.status);
  const here = useKnowledgeMap((state) => state.here);
  const isElsewhere = map !== here;
  const done = map.cells.length;
  const numHere = here?.cells.length ?? 0;
  const isUnderWay = status !== 'resting';
  return (
    <div className="mt-2 text-fine">
      {done > 0 ? (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-soft">
          {isElsewhere && <Badge>{t('knows.elsewhere')}</Badge>}
          <span>{t('knows.measuredOn', { device: map.device, date: format.date(map.measuredAt) })}</span>
          <span>{t('knows.perCell', { most: mostProblems(map) })}</span>
        </p>
      ) : (
        !isUnderWay && <p className="max-w-prose text-soft">{t('knows.nothing')}</p>
      )}
      <div className="mt-2 flex min-h-9 flex-wrap items-center gap-x-5 gap-y-1">
        {isUnderWay ? (
          <>
            <button type="button" className="button" onClick={() => void stopKnowledge()}>
              {t('knows.stop')}
            </button>
            <progress
              aria-label={t('knows.progress', { done: numHere, total })}
              className="h-1.5 w-40 accent-accent"
              max={total}
              value={numHere}
            />
            <span className="text-soft">
              {status === 'waiting' ? t('knows.waiting') : t('knows.measuring', { done: numHere, total })}
            </span>
          </>
        ) : (
          numHere < total && (
            <button type="button" className="button" onClick={startKnowledge}>
              {t(numHere > 0 ? 'knows.goOn' : 'knows.start')}
            </button>
          )
        )}
        {!isUnderWay && numHere > 0 && numHere < total && (
          <span className="text-soft">{t('knows.progress', { done: numHere, total })}</span>
        )}
        {!isUnderWay && numHere > 0 && (
          <button
            type="button"
            className="min-h-6 text-soft underline-offset-4 hover:underline"
            onClick={() => void forgetKnowledge()}
          >
            {t('knows.forget')}
          </button>
        )}
      </div>
    </div>
  );
}
