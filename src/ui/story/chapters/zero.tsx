// Chapter: R1-Zero: the recorded run first, then fifteen steps here.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepMetrics } from '../../../protocol/protocol';
import { fetchRecordedRun, useRecordedRun } from '../../../state/page/recordedRun';
import { useRun, useShelf } from '../../../state/page/run';
import { reveal, storyRun } from '../../../state/page/story';
import { isTraining } from '../../../state/runReducer';
import { LineChart } from '../../charts/LineChart';
import { Recorded } from '../../components/Recorded';
import { Chapter } from '../Chapter';
import { Forty } from '../Forty';
import { NumberPrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { RunActivity } from '../RunActivity';
import { Stage, Start } from '../Stage';

const QUESTION = 'zero.right';
const METRICS = ['rewards/accuracy/mean', 'completions/mean_length'] as const;
const NONE: readonly StepMetrics[] = [];

export default function Zero() {
  const { t } = useTranslation();
  return (
    <Chapter name="zero">
      <Prose texts={t('story.zero.before', { returnObjects: true })} />
      <RecordedCurves />
      <Prose texts={t('story.zero.recorded', { returnObjects: true })} />
      <NumberPrediction questions={[{ name: QUESTION, text: t('story.zero.predict'), max: storyRun.numProblems }]} />
      <FifteenSteps />
    </Chapter>
  );
}

function Curves({ steps }: { readonly steps: readonly StepMetrics[] }) {
  return (
    <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      {METRICS.map((metric) => (
        <LineChart key={metric} metric={metric} help={undefined} steps={steps} smoothing={0.5} />
      ))}
    </div>
  );
}

function RecordedCurves() {
  const { recording, whole } = useRecordedRun();
  useEffect(() => void fetchRecordedRun(), []);
  if (!recording || !whole) return <div className="mt-4 h-40" />;
  return (
    <figure className="mt-4">
      <figcaption className="mb-1">
        <Recorded madeBy={recording.madeBy} />
      </figcaption>
      <Curves steps={whole.steps} />
    </figure>
  );
}

function FifteenSteps() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  storyRun.useBegun();
  const steps = useRun((state) => (storyRun.isOurs(state) ? state.steps : NONE));
  const problem = useRun((state) => state.problem);
  const refusal = useShelf((shelf) => shelf.problem);
  const pending = useShelf((shelf) => shelf.pending);
  const isRunning = useRun(isTraining);
  const { before, after } = storyRun.measuredIn(steps);
  useEffect(() => {
    if (after !== undefined) reveal(QUESTION, after);
  }, [after]);
  const total = storyRun.numProblems;
  return (
    <>
      <Stage title={t('story.zero.run')} problem={problem ?? refusal}>
        <div className="flex flex-wrap items-center gap-3">
          <Start
            label={t(after === undefined ? 'story.zero.run' : 'story.zero.again')}
            onStart={() => void storyRun.goOn()}
            isBusy={isRunning || pending !== undefined}
            isPredicted={isPredicted}
          />
          {isRunning && (
            <button
              type="button"
              className="button"
              disabled={pending !== undefined}
              onClick={() => void storyRun.pause()}
            >
              {t(pending === 'pause' ? 'train.pausing' : 'train.pause')}
            </button>
          )}
        </div>
        <div className="mt-3">
          <RunActivity />
        </div>
        {steps.length > 0 && (
          <div data-testid="live-curves" className="mt-2">
            <Curves steps={steps} />
            <Forty label={t('story.zero.wasRight')} total={total} done={0} right={before} />
            <Forty label={t('story.zero.isRight')} total={total} done={0} right={after} />
          </div>
        )}
      </Stage>
      {after !== undefined && <Prose texts={t('story.zero.after', { returnObjects: true })} />}
    </>
  );
}
