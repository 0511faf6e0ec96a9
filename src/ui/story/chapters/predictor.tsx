// Chapter: a model is a predictor: what it thinks comes next, token by token; and a model that begins to learn that.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchRecordedPipeline, useRecordedPipelines } from '../../../state/page/pipelineDesk';
import { useSession } from '../../../state/page/session';
import { reveal, storyPipelines } from '../../../state/page/story';
import { Recorded } from '../../components/Recorded';
import { useFormat } from '../../format';
import { lazyPart } from '../../i18n/lazyPart';
import { Chapter } from '../Chapter';
import { bitsOf, Learned } from '../Learned';
import { NextToken } from '../NextToken';
import { PipelineActivity } from '../PipelineActivity';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';

const TakeItAtItsWord = lazyPart<object>('packing', () => import('../TakeItAtItsWord'));

const QUESTION = 'predictor.bits';

export default function Predictor() {
  const { t } = useTranslation();
  const choices = t('story.predictor.choices', { returnObjects: true });
  return (
    <Chapter name="predictor">
      <Prose texts={t('story.predictor.before', { returnObjects: true })} />
      <NextToken />
      <Prose texts={t('story.predictor.compression', { returnObjects: true })} />
      <TakeItAtItsWord />
      <Prose texts={t('story.predictor.pretraining', { returnObjects: true })} />
      <ChoicePrediction name={QUESTION} text={t('story.predictor.predict')} choices={choices} />
      <FirstBase />
    </Chapter>
  );
}

function FirstBase() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  const isUnavailable = useSession((session) => session.status === 'unavailable');
  const { firstBase } = storyPipelines;
  const { status, steps, written, done, progress, slowMs, problem } = firstBase.usePipeline();
  const loss = steps.at(-1)?.metrics.loss;
  const bits = loss === undefined ? undefined : bitsOf(loss);
  const isEnded = status === 'ended';
  const evaluation = done.at(-1)?.evaluation;
  useEffect(() => {
    if (!isEnded || bits === undefined) return;
    reveal(QUESTION, bits > 4 ? 'over4' : bits > 2 ? 'upTo4' : bits > 1 ? 'upTo2' : 'under1');
  }, [isEnded, bits]);
  return (
    <>
      {isUnavailable && <RecordedBase />}
      <Stage title={t('story.predictor.learn')} problem={problem}>
        <Start
          label={t(steps.length > 0 ? 'story.predictor.learnAgain' : 'story.predictor.learn')}
          onStart={() => void firstBase.run()}
          isBusy={status === 'running'}
          isPredicted={isPredicted}
        />
        <PipelineActivity status={status} progress={progress} />
        <Learned steps={steps} written={written} />
        {isEnded && evaluation && (
          <p className="mt-3">
            {t('story.predictor.right', {
              count: Math.round(evaluation.accuracy * evaluation.problems),
              of: evaluation.problems,
            })}
          </p>
        )}
      </Stage>
      {slowMs !== undefined && !isEnded && <RecordedBase slowMs={slowMs} />}
      {isEnded && <Prose texts={t('story.predictor.after', { returnObjects: true })} />}
    </>
  );
}

/** How it went elsewhere. @param slowMs how long it takes here, where that is long */
function RecordedBase({ slowMs }: { readonly slowMs?: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const recording = useRecordedPipelines(({ first }) => first);
  useEffect(() => void fetchRecordedPipeline('first'), []);
  const base = recording?.run.done.find(({ name }) => name === 'base');
  if (!recording || !base) return null;
  return (
    <figure className="mt-5">
      <figcaption className="mb-2">
        {slowMs !== undefined && <p className="mb-1">{t('story.predictor.slow', { time: format.duration(slowMs) })}</p>}
        <Recorded madeBy={recording.madeBy} />
      </figcaption>
      <Learned steps={recording.steps.base ?? []} written={base.written ?? []} />
    </figure>
  );
}
