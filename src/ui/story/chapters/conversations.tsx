// Chapter: what a model learns from its own thoughts that came out right, when it has served 120 questions.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { reveal, storyPipelines } from '../../../state/page/story';
import { OWN_THOUGHTS } from '../../../state/storyPipeline';
import { useShareText } from '../../components/MeasuredShare';
import { Chapter } from '../Chapter';
import { PipelineActivity } from '../PipelineActivity';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';

const QUESTION = 'conversations.share';

export default function Conversations() {
  const { t } = useTranslation();
  const choices = t('story.conversations.choices', { returnObjects: true });
  return (
    <Chapter name="conversations">
      <Prose texts={t('story.conversations.before', { returnObjects: true })} />
      <ChoicePrediction name={QUESTION} text={t('story.conversations.predict')} choices={choices} />
      <Serve />
    </Chapter>
  );
}

function Serve() {
  const { t } = useTranslation();
  const share = useShareText();
  const isPredicted = useIsPredicted(QUESTION);
  const { ownThoughts } = storyPipelines;
  const { status, done, progress, problem } = ownThoughts.usePipeline();
  const find = (name: string) => done.find((one) => one.name === name);
  const before = find('base')?.evaluation;
  const kept = find(OWN_THOUGHTS.set)?.rejection;
  const after = find(OWN_THOUGHTS.model)?.evaluation;
  const accuracy = after?.accuracy;
  useEffect(() => {
    if (accuracy === undefined) return;
    reveal(QUESTION, accuracy > 0.6 ? 'over60' : accuracy > 0.45 ? 'upTo60' : accuracy > 0.3 ? 'upTo45' : 'under30');
  }, [accuracy]);
  return (
    <>
      <Stage title={t('story.conversations.run')} problem={problem}>
        <Start
          label={t('story.conversations.run')}
          onStart={() => void ownThoughts.run()}
          isBusy={status === 'running'}
          isPredicted={isPredicted}
        />
        <PipelineActivity status={status} progress={progress} />
        <dl data-testid="own-thoughts" className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
          {before && (
            <>
              <dt className="text-soft">{t('story.wall.wasRight')}</dt>
              <dd>{share(before.accuracy, before.problems)}</dd>
            </>
          )}
          {kept && (
            <>
              <dt className="text-soft">{t('story.conversations.kept')}</dt>
              <dd>{t('story.conversations.keptOf', { count: kept.kept, of: kept.sampled })}</dd>
            </>
          )}
          {after && (
            <>
              <dt className="text-soft">{t('story.wall.isRight')}</dt>
              <dd>{share(after.accuracy, after.problems)}</dd>
            </>
          )}
        </dl>
      </Stage>
      {after && <Prose texts={t('story.conversations.after', { returnObjects: true })} />}
    </>
  );
}
