// What the model tried at the step looked at: one group at a time, with a slider over the steps.
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useId } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { RolloutGroup as Group } from '../../protocol/protocol';
import { findRollouts } from '../../state/inspect';
import { chooseGroup, focusOn, readRollouts, useInspect } from '../../state/page/inspect';
import { readAgainAt, useRun } from '../../state/page/run';
import { ProblemNote } from '../components/ProblemNote';
import { RolloutGroup } from './RolloutGroup';

export function RolloutsPanel() {
  const { t } = useTranslation();
  const id = useId();
  const steps = useRun((state) => state.steps);
  const isElsewhere = useRun((state) => state.run?.madeElsewhere !== undefined);
  const config = useRun(({ run }) => (run?.madeElsewhere ? undefined : run?.settings.config));
  const { focusStep, groupIndex, rollouts, problem } = useInspect();
  const first = steps[0]?.step ?? 0;
  const last = steps[steps.length - 1]?.step ?? 0;
  const step = focusStep ?? last;
  useRolloutsOf(step);
  const groups = findRollouts(rollouts, step);
  const group = groups?.[Math.min(groupIndex, groups.length - 1)];
  return (
    <section aria-labelledby={`${id}-title`} className="mt-10 border-t hairline pt-5">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <h2 id={`${id}-title`} className="caps mr-auto">
          {t('rollouts.title')}
        </h2>
        {steps.length > 1 && <StepSlider id={id} first={first} last={last} />}
      </div>
      {problem && <ProblemNote problem={problem} />}
      {group === undefined && <p className="mt-2 text-fine text-soft">{t('rollouts.none')}</p>}
      {group && groups && (
        <>
          {group.step !== step && (
            <p className="mt-2 text-fine text-soft">{t('rollouts.notKept', { step, shown: group.step })}</p>
          )}
          <RolloutGroup
            key={`${group.step} ${group.index}`}
            group={group}
            groups={groups}
            config={config}
            readAgain={readAgainAt(useRun.getState(), group.step)}
          />
          <GroupPager groups={groups} group={group} />
          {isElsewhere && <p className="mt-2 text-fine text-soft">{t('elsewhere.answersNote')}</p>}
          <p className="mt-2 text-fine text-soft">
            {t('rollouts.legend')}{' '}
            <Trans
              i18nKey="rollouts.legendLanguages"
              components={{ en: <span className="lang-en" />, zh: <span className="lang-zh" /> }}
            />
          </p>
        </>
      )}
    </section>
  );
}

interface StepSliderProps {
  /** Of the slider itself. */
  readonly id: string;
  readonly first: number;
  readonly last: number;
}

function StepSlider({ id, first, last }: StepSliderProps) {
  const { t } = useTranslation();
  const focusStep = useInspect((state) => state.focusStep);
  const step = focusStep ?? last;
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-2 text-fine text-soft">
      <label htmlFor={id}>{t('rollouts.stepSlider')}</label>
      <input
        id={id}
        type="range"
        className="h-6 w-40 min-w-0"
        min={first}
        max={last}
        value={step}
        onChange={(event) => focusOn(Number(event.target.value) === last ? undefined : Number(event.target.value))}
      />
      <output className="min-w-6 text-ink">{step}</output>
      <span aria-hidden className="hidden gap-1 sm:flex">
        <kbd>[</kbd>
        <kbd>]</kbd>
      </span>
      {focusStep !== undefined && (
        <button type="button" className="link min-h-6" onClick={() => focusOn(undefined)}>
          {t('rollouts.latest')}
        </button>
      )}
    </span>
  );
}

interface GroupPagerProps {
  readonly groups: readonly Group[];
  readonly group: Group;
}

function GroupPager({ groups, group }: GroupPagerProps) {
  const { t } = useTranslation();
  const place = groups.indexOf(group);
  return (
    <div className="mt-3 flex items-center gap-3 text-fine text-soft">
      <button
        type="button"
        className="button-plain justify-center"
        aria-label={t('rollouts.previous')}
        disabled={place === 0}
        onClick={() => chooseGroup(place - 1)}
      >
        <ChevronLeft aria-hidden size={16} />
      </button>
      <span data-testid="group-where">
        {t('rollouts.where', { step: group.step, index: place + 1, count: groups.length })}
      </span>
      <button
        type="button"
        className="button-plain justify-center"
        aria-label={t('rollouts.next')}
        disabled={place === groups.length - 1}
        onClick={() => chooseGroup(place + 1)}
      >
        <ChevronRight aria-hidden size={16} />
      </button>
    </div>
  );
}

/** Reads the step's rollouts of a stored run when they are not at hand. */
function useRolloutsOf(step: number): void {
  const runId = useRun((state) => (state.origin === 'recorded' ? undefined : state.run?.id));
  const isAtHand = useInspect((state) => state.rollouts.has(step));
  useEffect(() => {
    if (runId !== undefined && step > 0 && !isAtHand) void readRollouts(runId, step);
  }, [runId, step, isAtHand]);
}
