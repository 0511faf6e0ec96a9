// Before a run starts: how long it takes here, how far such runs came, and where none would come anywhere, a base to make first.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSettings, StepMetrics } from '../../protocol/protocol';
import { knowersOf, knowsTask, timeOf } from '../../state/expectation';
import { fetchCards, useCards } from '../../state/page/cards';
import { fetchOutcomes, useOutcomes } from '../../state/page/expectation';
import { makeBase } from '../../state/page/pipelineDesk';
import { useRun, useShelf } from '../../state/page/run';
import { callEngine, useSession } from '../../state/page/session';
import { chooseStart } from '../../state/page/startRun';
import { chosenStart } from '../../state/start';
import { isOwnTask } from '../../tasks/own/problemSet';
import { goTo } from '../app/screens';
import { useFormat } from '../format';
import { useTaskNames } from '../taskNames';
import { hasRecipe, readRecipe } from './recipes';

export function Expectation({ draft }: { readonly draft: RunSettings }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tasks = useTaskNames();
  const { name, isKnown, knowers } = useStart(draft.task);
  const outcome = useOutcomes((all) => all.find(({ task, model }) => task === draft.task && model === name));
  const timeMs = useTime(draft);
  const task = tasks.task(draft.task);
  useEffect(() => void fetchOutcomes(), []);
  if (name === undefined) return null;
  // Of problems of one's own no card tells.
  if (isOwnTask(draft.task) || isKnown) {
    return (
      <p data-testid="expectation" className="mt-3 text-fine text-soft">
        {timeMs === undefined ? t('train.expect.noTime') : t('train.expect.time', { time: format.duration(timeMs) })}
        {outcome &&
          ` ${t('train.expect.outcome', {
            model: name,
            steps: outcome.steps,
            from: format.percent(outcome.from),
            to: format.percent(outcome.to),
          })}`}
      </p>
    );
  }
  const [knower] = knowers;
  return (
    <div data-testid="expectation" className="mt-3 border-l-3 border-accent bg-wash px-3 py-2 text-fine">
      <p>{t('train.expect.unknown', { model: name, task })}</p>
      {knower === undefined ? (
        <MakeBase task={draft.task} />
      ) : (
        <button type="button" className="button mt-2 min-h-8 text-fine" onClick={() => chooseStart(knower)}>
          {t('train.expect.startFrom', { name: knower })}
        </button>
      )}
    </div>
  );
}

/** What the next run starts from, whether its card says that it knows the task, and which shipped models do. */
function useStart(task: string) {
  const model = useSession((session) => session.model);
  const catalogue = useSession((session) => session.catalogue);
  const key = useShelf((shelf) => shelf.start);
  const cards = useCards();
  useEffect(() => {
    if (catalogue) void fetchCards(catalogue);
  }, [catalogue]);
  const models = catalogue?.models ?? [];
  const start = model && chosenStart(model, models, key);
  const name = start === undefined ? undefined : start === 'loaded' ? model?.name : start.id;
  const card = start === undefined || start === 'loaded' ? model?.readme : cards[start.id];
  const known = knowersOf(task, cards);
  // A card that has not come yet says nothing against it.
  const isKnown = card === undefined || knowsTask(task, card);
  return { name, isKnown, knowers: models.filter(({ id }) => known.includes(id)).map(({ id }) => id) };
}

/** How long a run takes, by the open run's steps or else the last stored run's. */
function useTime(draft: RunSettings): number | undefined {
  const run = useRun((state) => (state.origin === 'live' ? state.run : undefined));
  const steps = useRun((state) => state.steps);
  const last = useShelf((shelf) => shelf.stored.find(({ step, madeElsewhere }) => step > 0 && !madeElsewhere));
  const lastId = last?.id;
  const [read, setRead] = useState<{ readonly id: string; readonly steps: readonly StepMetrics[] }>();
  useEffect(() => {
    if (lastId === undefined) return;
    let isCurrent = true;
    void callEngine((api) => api.runSteps(lastId)).then((result) => {
      if (isCurrent && result.ok) setRead({ id: lastId, steps: result.value });
    });
    return () => {
      isCurrent = false;
    };
  }, [lastId]);
  const ofOpen = run && timeOf(draft, run.settings, steps);
  return ofOpen ?? (last && read?.id === last.id ? timeOf(draft, last.settings, read.steps) : undefined);
}

/** Makes a base for a task that no shipped model knows, by its recipe; how that goes is shown on Stages. */
function MakeBase({ task }: { readonly task: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const outcome = useOutcomes((all) => all.find(({ model }) => model === `${task}/base`));
  if (!hasRecipe(task)) return <p className="mt-1">{t('train.expect.noRecipe')}</p>;
  const make = async () => {
    const text = await readRecipe(task);
    if (text === undefined) return;
    goTo('stages');
    await makeBase(task, text);
  };
  return (
    <>
      <p className="mt-1">
        {t('train.expect.make')}
        {outcome &&
          ` ${t('train.expect.made', { from: format.percent(outcome.from), to: format.percent(outcome.to) })}`}
      </p>
      <button type="button" className="button mt-2 min-h-8 text-fine" onClick={() => void make()}>
        {t('train.expect.makeIt')}
      </button>
    </>
  );
}
