// The tables of the map: those of the tasks that the model was trained on, then the others; and what is told of the cell chosen.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, writeQuestion } from '../../state/page/ask';
import type { KnowledgeMap } from '../../tasks/knowledgeMap';
import { allGrids, type CellPlace, cellProblems, cellsOf, type SizeGrid } from '../../tasks/sizes';
import { goTo } from '../app/screens';
import { toPlainMaths } from '../components/typeset';
import { GridTable, useCellText } from './GridTable';
import { useGridTexts } from './useGridTexts';

interface GridsProps {
  readonly grids: readonly SizeGrid[];
  readonly map: KnowledgeMap;
  readonly isTrained: (place: CellPlace) => boolean;
}

export function Grids({ grids, map, isTrained }: GridsProps) {
  const { t } = useTranslation();
  const texts = useGridTexts();
  const [chosen, setChosen] = useState<CellPlace>();
  const trained = grids.filter((grid) => cellsOf(grid).some(isTrained));
  // The largest stands beside the others.
  const [first, ...others] = trained;
  const untrained = grids.filter((grid) => !trained.includes(grid));
  const unread = allGrids().filter((grid) => !grids.includes(grid));
  const table = (grid: SizeGrid) => (
    <div key={grid.task} className="min-w-0">
      <GridTable grid={grid} map={map} isTrained={isTrained} chosen={chosen} onChoose={setChosen} />
      {chosen?.task === grid.task && <Chosen grid={grid} map={map} place={chosen} isTrained={isTrained(chosen)} />}
    </div>
  );
  return (
    <>
      {first && (
        <section aria-labelledby="map-trained" className="mt-4">
          <h2 id="map-trained" className="caps">
            {t('knows.trained')}
          </h2>
          <div className="mt-3 gap-x-12 md:flex">
            {table(first)}
            <div className="max-md:mt-7 flex flex-1 flex-wrap content-start items-start gap-x-12 gap-y-7">
              {others.map(table)}
            </div>
          </div>
        </section>
      )}
      {untrained.length > 0 && (
        <details open={trained.length === 0} className="mt-8 border-t hairline pt-4">
          <summary className="caps min-h-6">{t('knows.untrained')}</summary>
          <p className="mt-1 max-w-prose text-fine text-soft">{t('knows.untrainedHelp')}</p>
          <div className="mt-3 flex flex-wrap items-start gap-x-12 gap-y-7">{untrained.map(table)}</div>
        </details>
      )}
      {unread.length > 0 && (
        <p className="mt-6 text-fine text-soft">
          {t('knows.unread', { tasks: unread.map(({ task }) => texts.task(task)).join(' · ') })}
        </p>
      )}
    </>
  );
}

interface ChosenProps extends Pick<GridsProps, 'map'> {
  readonly grid: SizeGrid;
  readonly place: CellPlace;
  readonly isTrained: boolean;
}

/** The chosen cell's share with its interval, and one of its problems to ask. */
function Chosen({ grid, map, place, isTrained }: ChosenProps) {
  const { t } = useTranslation();
  const [problem] = cellProblems(place, 1);
  const question = problem?.question;
  const askIt = () => {
    if (question === undefined) return;
    goTo('ask');
    writeQuestion(question);
    void ask(question);
  };
  return (
    <div role="status" className="mt-2 max-w-90 border-l-3 border-accent bg-wash px-3 py-2 text-fine">
      <p>
        {useCellText(grid, map)(place)}{' '}
        <span className="text-soft">{t(isTrained ? 'knows.isTrained' : 'knows.isBeyond')}</span>
      </p>
      {question !== undefined && (
        <p className="mt-1">
          <span className="text-soft">{t('knows.example')}</span>{' '}
          <span className="font-voice wrap-anywhere">{toPlainMaths(question)}</span>{' '}
          <button type="button" className="link min-h-6" onClick={askIt}>
            {t('knows.askIt')}
          </button>
        </p>
      )}
    </div>
  );
}
