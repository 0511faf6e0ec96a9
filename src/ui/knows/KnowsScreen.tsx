// What the loaded model knows: a map of how many problems it answers right, by task and size, beside what it was trained on.
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { shownMap } from '../../state/knowledge';
import { readKnowledge, useKnowledgeMap } from '../../state/page/knowledge';
import { useRun } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { isTraining } from '../../state/runReducer';
import type { KnowledgeMap } from '../../tasks/knowledgeMap';
import { allGrids, type CellPlace, cellKey, cellsOf, isTrainedOn } from '../../tasks/sizes';
import { NoDevice } from '../app/NoDevice';
import { knownOfCard } from '../ask/knowledge';
import { ModelChoice } from '../ask/ModelChoice';
import { ProblemNote } from '../components/ProblemNote';
import { Grids } from './Grids';
import { MapHead } from './MapHead';

export default function KnowsScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const model = useSession((session) => session.model);
  const isBusy = useRun((state) => state.origin === 'live' && isTraining(state));
  const here = useKnowledgeMap((state) => state.here);
  const problem = useKnowledgeMap((state) => state.problem);
  const map = useKnowledgeMap(shownMap);
  const name = model?.name;
  const isToRead = name !== undefined && here === undefined && !isBusy;
  useEffect(() => {
    if (isToRead) void readKnowledge();
  }, [isToRead]);
  if (status === 'unavailable') return <NoDevice />;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-8">
        <h1 className="font-voice text-[1.5625rem] leading-snug">
          {name === undefined ? t('knows.noModel') : t('knows.title', { model: name })}
        </h1>
        <a href="#ask" className="link min-h-6 text-fine">
          {t('knows.back')}
        </a>
      </div>
      <p className="mt-1 max-w-prose text-soft">{t('knows.intro')}</p>
      <ModelChoice isDisabled={isBusy} />
      {problem && <ProblemNote problem={problem} />}
      {isBusy && !map && <p className="mt-3 text-soft">{t('knows.training')}</p>}
      {!isBusy && name !== undefined && !map && !problem && <p className="mt-3 text-soft">{t('knows.reading')}</p>}
      {map && <MapOf map={map} />}
    </>
  );
}

function MapOf({ map }: { readonly map: KnowledgeMap }) {
  const readme = useSession((session) => session.model?.readme);
  const trained = useMemo(() => {
    const known = knownOfCard(readme ?? '');
    const cells = allGrids().flatMap(cellsOf);
    return new Set(cells.filter((place) => isTrainedOn(place, known)).map(cellKey));
  }, [readme]);
  const grids = allGrids().filter(({ task }) => map.tasks.includes(task));
  const isTrained = (place: CellPlace) => trained.has(cellKey(place));
  return (
    <>
      <MapHead map={map} total={grids.flatMap(cellsOf).length} />
      <Grids grids={grids} map={map} isTrained={isTrained} />
    </>
  );
}
