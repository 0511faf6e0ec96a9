// Chapter: the four stages of R1: the recorded run, and the small form of it here.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import {
  fetchRecordedPipeline,
  runPipeline,
  usePipelineDesk,
  useRecordedPipelines,
} from '../../../state/page/pipelineDesk';
import { refreshPipelines, usePipelines } from '../../../state/page/pipelines';
import { useSession } from '../../../state/page/session';
import { reveal, useStory } from '../../../state/page/story';
import { runningPipeline } from '../../../state/pipelineReducer';
import { Recorded } from '../../components/Recorded';
import { CheckpointTable } from '../../stages/CheckpointTable';
import { Chapter } from '../Chapter';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';

const QUESTION = 'stages.most';
const PIPELINE = 'r1';

export default function Stages() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  const isRevealed = useStory(({ predictions }) => predictions[QUESTION]?.came !== undefined);
  const recording = useRecordedPipelines((recorded) => recorded[PIPELINE]);
  useEffect(() => void fetchRecordedPipeline(PIPELINE), []);
  return (
    <Chapter name="stages">
      <Prose texts={t('story.stages.before', { returnObjects: true })} />
      <ChoicePrediction
        name={QUESTION}
        text={t('story.stages.predict')}
        choices={t('story.stages.choices', { returnObjects: true })}
      />
      {!isRevealed && (
        <div className="mt-4">
          <Start
            label={t('story.stages.show')}
            isBusy={!recording}
            isPredicted={isPredicted}
            onStart={() => recording && reveal(QUESTION, greatestGain(recording.run.done))}
          />
        </div>
      )}
      {isRevealed && recording && (
        <>
          <div className="mt-6">
            <Recorded madeBy={recording.madeBy} />
          </div>
          <CheckpointTable run={recording.run} />
          <Prose texts={t('story.stages.after', { returnObjects: true })} />
          <SmallForm />
        </>
      )}
    </Chapter>
  );
}

type Done = NonNullable<ReturnType<typeof useRecordedPipelines.getState>[string]>['run']['done'];

/** The stage after which accuracy had grown most. */
function greatestGain(done: Done): string {
  const measured = done.flatMap(({ name, evaluation }) =>
    evaluation ? [{ name, accuracy: evaluation.accuracy }] : [],
  );
  const gains = measured
    .slice(1)
    .map(({ name, accuracy }, i) => ({ name, gain: accuracy - (measured[i]?.accuracy ?? 0) }));
  return gains.toSorted((a, b) => b.gain - a.gain)[0]?.name ?? '';
}

function SmallForm() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const pair = useSession((session) => session.catalogue?.pipelines.find(({ full }) => full.name === PIPELINE));
  const run = usePipelines((state) => (pair ? state.runs[pair.mini.name] : undefined));
  const progress = usePipelines((state) => state.progress);
  const isBusy = usePipelines((state) => runningPipeline(state) !== undefined);
  const { pending, problem } = usePipelineDesk();
  useEffect(() => {
    if (status === 'ready') void refreshPipelines();
  }, [status]);
  if (!pair) return null;
  const { full, mini } = pair;
  const isFinished = run?.status === 'finished';
  const chosen = { full, hasForms: true, isMini: true, pipeline: mini, run };
  const shown = run?.status === 'running' ? progress : undefined;
  return (
    <Stage title={t('story.stages.run')} problem={problem ?? run?.problem}>
      {!isFinished && (
        <Start
          label={t('story.stages.run')}
          isBusy={isBusy || pending !== undefined}
          onStart={() => void runPipeline(chosen)}
        />
      )}
      <p role="status" className="mt-2 min-h-6 text-fine text-soft">
        {shown && t('story.step.phasePart', { phase: shown.name, done: shown.done, total: shown.total })}
      </p>
      {run && <CheckpointTable run={run} />}
    </Stage>
  );
}
