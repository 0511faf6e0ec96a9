// Chapter: the same question with and without thinking, then forty problems each way.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asides, measurements, reveal } from '../../../state/page/story';
import { isMeasuring, type ScalingState } from '../../../state/scaling';
import { Chapter } from '../Chapter';
import { Forty } from '../Forty';
import { LiveAnswer } from '../LiveAnswer';
import { NumberPrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';
import { SumField } from '../SumField';

const MODEL = 'r1';
const PROBLEMS = 40;
const QUESTIONS = { none: 'think.blurted', free: 'think.thought' } as const;

export default function Think() {
  const { t } = useTranslation();
  return (
    <Chapter name="think">
      <Prose texts={t('story.think.before', { returnObjects: true })} />
      <BothWays />
      <Prose texts={t('story.think.beforePrediction', { returnObjects: true })} />
      <NumberPrediction
        questions={[
          { name: QUESTIONS.none, text: t('story.think.predictBlurt'), max: PROBLEMS },
          { name: QUESTIONS.free, text: t('story.think.predictThought'), max: PROBLEMS },
        ]}
      />
      <FortyEach />
    </Chapter>
  );
}

function BothWays() {
  const { t } = useTranslation();
  const { blurted, thought } = asides;
  const [question, setQuestion] = useState('8-9+1-6+5-7');
  const [isBusy, setBusy] = useState(false);
  const seed = useRef(0);
  const problem = thought.useAnswer((state) => state.problem);
  const firstProblem = blurted.useAnswer((state) => state.problem);
  const ask = async () => {
    setBusy(true);
    seed.current++;
    await blurted.ask(MODEL, question, { thinking: 'none', seed: seed.current });
    await thought.ask(MODEL, question, { thinking: 'free', seed: seed.current });
    setBusy(false);
  };
  return (
    <Stage title={t('story.think.ask')} problem={firstProblem ?? problem}>
      <SumField label={t('story.think.question')} value={question} onChange={setQuestion} isDisabled={isBusy} />
      <Start label={t('story.think.ask')} onStart={() => void ask()} isBusy={isBusy} />
      <div className="mt-4 grid gap-6 sm:grid-cols-2">
        <LiveAnswer title={t('story.think.blurted')} useAnswer={blurted.useAnswer} />
        <LiveAnswer title={t('story.think.thought')} useAnswer={thought.useAnswer} />
      </div>
    </Stage>
  );
}

/** How many were right each way, once that was measured. */
function countsOf({ measures: [measured = []] }: ScalingState) {
  const count = (isControlled: boolean) => {
    const measure = measured.find(({ control }) => (control !== undefined) === isControlled);
    return measure && Math.round(measure.accuracy * PROBLEMS);
  };
  return { none: count(true), free: count(false) };
}

function FortyEach() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTIONS.none, QUESTIONS.free);
  const { thinking } = measurements;
  const state = thinking.useScaling();
  const { none, free } = countsOf(state);
  const isOver = state.status === 'ended';
  useEffect(() => {
    if (none !== undefined) reveal(QUESTIONS.none, none);
    if (free !== undefined) reveal(QUESTIONS.free, free);
  }, [none, free]);
  const run = () => {
    const controls = [{ budget: 0, waits: 0 }];
    const seed = (state.request?.seed ?? -1) + 1;
    const models = [{ kind: 'shipped', id: MODEL }] as const;
    const how = { numProblems: PROBLEMS, samples: 1, controls, temperature: 1, maxTokens: null, seed };
    void thinking.startScaling({ models, task: 'chained_sums', difficulty: {}, ...how }, [MODEL]);
  };
  // It is measured as it likes first.
  const done = state.request ? Math.min(PROBLEMS, state.done) : 0;
  return (
    <>
      <Stage title={t('story.think.run')} problem={state.problem}>
        <Start
          label={t(state.request ? 'story.think.again' : 'story.think.run')}
          onStart={run}
          isBusy={isMeasuring(state)}
          isPredicted={isPredicted}
        />
        <div data-testid="forty">
          <Forty label={t('story.think.free')} total={PROBLEMS} done={done} right={free} />
          <Forty
            label={t('story.think.none')}
            total={PROBLEMS}
            done={Math.max(0, state.done - PROBLEMS)}
            right={none}
          />
        </div>
      </Stage>
      {isOver && <Prose texts={t('story.think.after', { returnObjects: true })} />}
    </>
  );
}
