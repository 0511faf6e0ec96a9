// Test-time scaling: what a model gains from thinking longer and from answering more often, beside another model.
import { Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, MeasuredModel, ModelInfo, RunSettings, StoredRun } from '../../protocol/protocol';
import { draftSettings } from '../../state/draft';
import { usePreferences } from '../../state/page/preferences';
import { useRun, useShelf } from '../../state/page/run';
import { chooseScaling, startScaling, stopScaling, useScaling } from '../../state/page/scaling';
import { useSession } from '../../state/page/session';
import { refreshYourModels, useKeptModels } from '../../state/page/yourModels';
import { isMeasuring, modelKey, scalingSettings, suggestedModels } from '../../state/scaling';
import { ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';
import { lazyPart } from '../i18n/lazyPart';
import { useTaskNames } from '../taskNames';
import { ScalingCharts } from './ScalingCharts';
import { ScalingForm } from './ScalingForm';
import { ScalingTables } from './ScalingTables';
import { controlsOf } from './scalingInput';

const CopyMeasureLink = lazyPart('links', () => import('../links/CopyMeasureLink'));

export function ScalingPanel() {
  const { t } = useTranslation();
  const catalogue = useSession((session) => session.catalogue);
  const model = useSession((session) => session.model);
  const { names, measures } = useScaling();
  if (catalogue === undefined) return null;
  return (
    <section aria-labelledby="scaling-title" className="mt-10 border-t hairline pt-5">
      <h2 id="scaling-title" className="caps">
        {t('scaling.title')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('scaling.help')}</p>
      {model && <Measuring catalogue={catalogue} model={model} />}
      {measures.some((all) => all.length > 0) && (
        <>
          <ScalingCharts names={names} measures={measures} />
          <ScalingTables names={names} measures={measures} />
        </>
      )}
    </section>
  );
}

interface MeasuringProps {
  readonly catalogue: Catalogue;
  readonly model: ModelInfo;
}

function Measuring({ catalogue, model }: MeasuringProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = useScaling();
  const settings = scalingSettings(state.settings, catalogue.device.isSoftware);
  const choices = useChoices(catalogue, model);
  const [first, second] = useChosen(choices, catalogue);
  const practised = usePractised(second ?? first, catalogue);
  const problems = useProblemsText(practised);
  const ownTokens = useOwnTokens(second ? [first.model, second.model] : [first.model], model);
  const controls = controlsOf(settings.budgets, settings.waits);
  const models = second ? [first, second] : [first];
  const numAnswers = models.length * (1 + controls.length) * settings.numProblems * settings.samples;
  const start = () => {
    const { task, difficulty } = practised;
    const { numProblems, samples, temperature, maxTokens } = settings;
    const request = { task, difficulty, numProblems, samples, controls, temperature, maxTokens, seed: 0 };
    void startScaling(
      { ...request, models: models.map((choice) => choice.model) },
      models.map((choice) => choice.text),
    );
  };
  return (
    <>
      <ScalingForm
        choices={choices}
        chosen={[first.value, second?.value ?? '']}
        onChoose={(choice) => chooseScaling({ choice })}
        settings={settings}
        onChange={(changed) => chooseScaling({ settings: changed })}
        ownTokens={ownTokens}
      />
      <p className="mt-3 text-fine text-soft">
        {problems} {t('scaling.cost', { count: numAnswers, answers: format.number(numAnswers) })}
      </p>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-fine text-soft">
        {isMeasuring(state) ? (
          <>
            <button
              type="button"
              className="button"
              disabled={state.status === 'stopping'}
              onClick={() => void stopScaling()}
            >
              {t(state.status === 'stopping' ? 'scaling.stopping' : 'scaling.stop')}
            </button>
            <progress
              aria-label={t('scaling.progress')}
              className="h-1.5 w-40 accent-accent"
              max={Math.max(1, state.total)}
              value={state.done}
            />
            <span>{format.percent(state.done / Math.max(1, state.total))}</span>
          </>
        ) : (
          <button type="button" className="button" onClick={start}>
            {t('scaling.start')}
          </button>
        )}
        <Suspense>
          <CopyMeasureLink models={models.map(({ value }) => value)} settings={settings} />
        </Suspense>
        <span role="status">
          {state.status === 'ended' && t('scaling.ended')}
          {state.status === 'stopped' && t('scaling.stopped')}
        </span>
      </div>
      {state.problem && <ProblemNote problem={state.problem} />}
    </>
  );
}

interface Choice {
  readonly value: string;
  readonly text: string;
  readonly model: MeasuredModel;
}

/** Every model that can be measured: the loaded one, the shipped ones, and what stored runs began with and came to. */
function useChoices(catalogue: Catalogue, loaded: ModelInfo): readonly Choice[] {
  const { t } = useTranslation();
  const stored = useShelf((shelf) => shelf.stored);
  const kept = useKeptModels((state) => state.kept);
  useEffect(() => void refreshYourModels(), []);
  return useMemo(() => {
    const choice = (model: MeasuredModel, text: string): Choice => ({ value: modelKey(model), text, model });
    const trained = stored.filter(({ step, madeElsewhere }) => step > 0 && !madeElsewhere);
    return [
      choice({ kind: 'loaded' }, t('scaling.loaded', { name: loaded.name })),
      ...catalogue.models.map(({ id }) => choice({ kind: 'shipped', id }, t('scaling.shipped', { name: id }))),
      ...kept.map(({ id, name }) => choice({ kind: 'kept', id }, name)),
      ...trained.flatMap(({ id, name }) => [
        choice({ kind: 'beforeRun', runId: id }, t('scaling.beforeRun', { name })),
        choice({ kind: 'run', runId: id }, t('scaling.run', { name })),
      ]),
    ];
  }, [catalogue, loaded, stored, kept, t]);
}

/** The chosen models; where nothing was chosen, or what was chosen is gone, those that suggest themselves. */
function useChosen(choices: readonly Choice[], catalogue: Catalogue): readonly [Choice, Choice | undefined] {
  const stored = useShelf((shelf) => shelf.stored);
  const openRunId = useRun(({ run, origin }) =>
    origin === 'live' && run !== undefined && run.step > 0 ? run.id : undefined,
  );
  const [first, second] = useScaling((state) => state.choice);
  const find = (key: string | undefined) => choices.find(({ value }) => value === key);
  const [one, other] = suggestedModels(openRunId, stored, catalogue.models[0]?.id);
  const [fallback] = choices as readonly [Choice, ...Choice[]];
  const chosen = find(first) ?? find(modelKey(one)) ?? fallback;
  const beside = second === '' ? undefined : (find(second) ?? (other && find(modelKey(other))));
  return [chosen, beside?.value === chosen.value ? undefined : beside];
}

/** The longest answer that the models give themselves; undefined where that is not known before one is read. */
function useOwnTokens(models: readonly MeasuredModel[], loaded: ModelInfo): number | undefined {
  const stored = useShelf((shelf) => shelf.stored);
  const own = models.map((model) => {
    if (model.kind === 'loaded') return loaded.generation.maxNewTokens;
    // A run's model answers as its evaluations did.
    const run = model.kind === 'run' ? stored.find(({ id }) => id === model.runId) : undefined;
    return run?.settings.config.max_completion_length;
  });
  return own.every((length) => length !== undefined) ? Math.max(...own) : undefined;
}

type Practised = Pick<RunSettings, 'task' | 'difficulty'>;

/** What a model's run practised; of a model without one, what the next run will. */
function usePractised({ model }: Choice, catalogue: Catalogue): Practised {
  const stored = useShelf((shelf) => shelf.stored);
  const open = useRun((state) => state.run);
  const draft = usePreferences((preferences) => preferences.draft);
  const runId = model.kind === 'run' || model.kind === 'beforeRun' ? model.runId : undefined;
  const run: StoredRun | typeof open = model.kind === 'loaded' ? open : stored.find(({ id }) => id === runId);
  return run?.settings ?? draftSettings(catalogue, draft);
}

function useProblemsText({ task, difficulty }: Practised): string {
  const { t } = useTranslation();
  const tasks = useTaskNames();
  const dials = Object.entries(difficulty).map(([name, value]) => `${tasks.dial(name)} ${value}`);
  return t('scaling.problems', { task: tasks.task(task), dials: dials.join(' · ') });
}
