// Chapter: what becomes of a model that is rewarded by what a rater prefers, who sees only part of the truth.
import { Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type KlPoint, klCurve, peakOf } from '../../../state/klCurve';
import { reveal, storyPipelines } from '../../../state/page/story';
import { lazyPart } from '../../i18n/lazyPart';
import { Chapter } from '../Chapter';
import { PipelineActivity } from '../PipelineActivity';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';

const QUESTION = 'preference.truth';
type Pleased = { readonly learned: readonly KlPoint[] };
const PleasedChart = lazyPart<Pleased>('rlhf', () => import('../../lab/preference/PleasedChart'));

export default function Preference() {
  const { t } = useTranslation();
  const choices = t('story.preference.choices', { returnObjects: true });
  return (
    <Chapter name="preference">
      <Prose texts={t('story.preference.before', { returnObjects: true })} />
      <ChoicePrediction name={QUESTION} text={t('story.preference.predict')} choices={choices} />
      <Please />
    </Chapter>
  );
}

/** A difference that is more than the chance of some hundred answers. */
const CLEAR = 0.1;

/** How the share of right answers went. */
export function courseOf(points: readonly KlPoint[]): 'turns' | 'rises' | 'falls' | 'same' | undefined {
  const [first, peak, last] = [points[0], peakOf(points), points.at(-1)];
  if (!first || !peak || !last) return undefined;
  if (peak.truth > first.truth + CLEAR && peak.truth > last.truth + CLEAR) return 'turns';
  if (last.truth > first.truth + CLEAR) return 'rises';
  return last.truth < first.truth - CLEAR ? 'falls' : 'same';
}

function Please() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  const { pleased } = storyPipelines;
  const { status, steps, progress, problem } = pleased.usePipeline();
  const learned = useMemo(() => klCurve(steps), [steps]);
  const course = status === 'ended' ? courseOf(learned) : undefined;
  useEffect(() => {
    if (course) reveal(QUESTION, course);
  }, [course]);
  return (
    <>
      <Stage title={t('story.preference.run')} problem={problem}>
        <Start
          label={t('story.preference.run')}
          onStart={() => void pleased.run()}
          isBusy={status === 'running'}
          isPredicted={isPredicted}
        />
        <PipelineActivity status={status} progress={progress} />
        {learned.length > 1 && (
          <Suspense>
            <PleasedChart learned={learned} />
          </Suspense>
        )}
      </Stage>
      {course && <Prose texts={t('story.preference.after', { returnObjects: true })} />}
    </>
  );
}
