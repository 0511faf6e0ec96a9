// Chapter: one step of GRPO, with its numbers; then the same question again.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInspect } from '../../../state/page/inspect';
import { readAgainAt, useRun, useShelf } from '../../../state/page/run';
import { asides, reveal, storyRun } from '../../../state/page/story';
import { numRight, rewardedGroup, tellingGroup } from '../../../state/rewardedGroup';
import { isEnded, isTraining } from '../../../state/runReducer';
import { Maths } from '../../components/Maths';
import { RolloutGroup } from '../../rollouts/RolloutGroup';
import { Chapter } from '../Chapter';
import { EightAnswers } from '../EightAnswers';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { RunActivity } from '../RunActivity';
import { Stage, Start } from '../Stage';

const QUESTION = 'step.again';
const SAMPLES = 8;

export default function Step() {
  const { t } = useTranslation();
  const [rule = '', ...others] = t('story.step.before', { returnObjects: true });
  const choices = t('story.step.choices', { returnObjects: true });
  return (
    <Chapter name="step">
      <Prose texts={[rule]} />
      <p className="mt-4 text-center text-xl">
        <Maths text={GRPO_TEX} />
      </p>
      <Prose texts={others} />
      <ChoicePrediction name={QUESTION} text={t('story.step.predict')} choices={choices} />
      <TakeStep />
    </Chapter>
  );
}

/** TeX of GRPO's advantage (arXiv 2402.03300, section 4.1.2). */
const GRPO_TEX = String.raw`$\displaystyle A_i = \frac{r_i - \mathrm{mean}(r_1,\dots,r_8)}{\mathrm{std}(r_1,\dots,r_8)}$`;

/** The group of the last step of the story's run that tells most, if it has taken one. */
function useTellingGroup() {
  useStoryRunId();
  const step = useRun((state) => (storyRun.isOurs(state) ? state.steps.at(-1)?.step : undefined));
  const groups = useInspect(({ rollouts }) => (step === undefined ? undefined : rollouts.get(step)));
  const group = groups && tellingGroup(groups);
  return group && { groups, group };
}

const useStoryRunId = () => storyRun.useBegun(({ id }) => id);

function TakeStep() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  const isRunning = useRun(isTraining);
  const isOver = useRun((state) => storyRun.isOurs(state) && isEnded(state));
  const pending = useShelf((shelf) => shelf.pending);
  const refusal = useShelf((shelf) => shelf.problem);
  const problem = useRun((state) => state.problem);
  const { group, groups } = useTellingGroup() ?? {};
  const config = useRun(({ run }) => run?.settings.config);
  const isBusy = isRunning || pending !== undefined;
  return (
    <>
      <Stage title={t('story.step.title')} problem={problem ?? refusal}>
        <Start
          label={t(group && !isOver ? 'story.step.next' : 'story.step.run')}
          onStart={() => void storyRun.takeStep()}
          isBusy={isBusy}
          isPredicted={isPredicted}
        />
        <div className="mt-3">
          <RunActivity />
        </div>
        {group && groups && (
          <div data-testid="advantages">
            <p className="text-fine text-soft">{t('story.step.group', { step: group.step })}</p>
            <RolloutGroup
              key={group.step}
              group={group}
              groups={groups}
              config={config}
              readAgain={isBusy ? undefined : readAgainAt(useRun.getState(), group.step)}
            />
          </div>
        )}
        {group && <AskAgain key={group.step} question={group.question} before={numRight(group)} isBusy={isBusy} />}
      </Stage>
      {group && <Prose texts={t('story.step.after', { returnObjects: true })} />}
    </>
  );
}

interface AskAgainProps {
  readonly question: string;
  /** Right answers of eight before the update. */
  readonly before: number;
  readonly isBusy: boolean;
}

function AskAgain({ question, before, isBusy }: AskAgainProps) {
  const { t } = useTranslation();
  const { again } = asides;
  const [isAsked, setAsked] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const samples = again.useAnswer((state) => state.samples);
  const problem = again.useAnswer((state) => state.problem);
  const rewarded = isAsked ? rewardedGroup(question, samples) : undefined;
  const after = rewarded && numRight(rewarded);
  useEffect(() => {
    if (after !== undefined) reveal(QUESTION, after > before ? 'more' : after < before ? 'fewer' : 'same');
  }, [after, before]);
  const ask = async () => {
    setAsked(true);
    setAsking(true);
    await again.ask('loaded', question, { samples: SAMPLES, seed: before, temperature: 1 });
    setAsking(false);
  };
  return (
    <div className="mt-5">
      <Start label={t('story.step.askAgain')} onStart={() => void ask()} isBusy={isBusy || isAsking} />
      {isAsked && <EightAnswers samples={samples} />}
      {after !== undefined && (
        <p data-testid="again" className="mt-3 text-lg">
          {t('story.step.count', { before, after })}
        </p>
      )}
      {problem && <p className="text-bad">{problem.userMessage}</p>}
    </div>
  );
}
