// Chapter: why more of the same stops: the base's pretraining as it was recorded, and some more of it here.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { wilsonInterval } from '../../../lib/wilson';
import { reveal, storyPipelines } from '../../../state/page/story';
import { PointChart } from '../../charts/PointChart';
import { useShareText } from '../../components/MeasuredShare';
import { useFormat } from '../../format';
import { Chapter } from '../Chapter';
import { PipelineActivity } from '../PipelineActivity';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';

const QUESTION = 'wall.more';
/** Accuracy by step of the base's pretraining, on 512 held-out problems (docs/experiments.md). */
const RECORDED = [
  [800, 0.076],
  [1600, 0.219],
  [2400, 0.334],
  [3200, 0.369],
] as const;
const PROBLEMS = 512;

export default function Wall() {
  const { t } = useTranslation();
  const choices = t('story.wall.choices', { returnObjects: true });
  return (
    <Chapter name="wall">
      <Prose texts={t('story.wall.before', { returnObjects: true })} />
      <RecordedCurve />
      <Prose texts={t('story.wall.paper', { returnObjects: true })} />
      <ChoicePrediction name={QUESTION} text={t('story.wall.predict')} choices={choices} />
      <More />
    </Chapter>
  );
}

function RecordedCurve() {
  const { t } = useTranslation();
  const format = useFormat();
  const points = RECORDED.map(([x, y]) => ({
    x,
    y,
    interval: wilsonInterval(Math.round(y * PROBLEMS), PROBLEMS),
    label: t('story.wall.point', { step: format.number(x), share: format.percent(y) }),
  }));
  const series = { label: 'base', style: { color: 'accent', widthPx: 2 }, marker: 'disc' as const, points };
  return (
    <figure className="mt-4">
      <figcaption className="text-fine text-soft">{t('story.wall.figure')}</figcaption>
      <PointChart series={[series]} xLabel={t('story.wall.axis')} isLogarithmic />
      <ul className="sr-only">
        {points.map(({ x, label }) => (
          <li key={x}>{label}</li>
        ))}
      </ul>
    </figure>
  );
}

function More() {
  const { t } = useTranslation();
  const share = useShareText();
  const isPredicted = useIsPredicted(QUESTION);
  const { more } = storyPipelines;
  const { status, done, progress, problem } = more.usePipeline();
  const [before, after] = done.map(({ evaluation }) => evaluation);
  useEffect(() => {
    if (!before || !after) return;
    const gain = after.accuracy - before.accuracy;
    reveal(QUESTION, after.accuracy > 0.6 ? 'much' : gain > 0.12 ? 'little' : gain < -0.12 ? 'worse' : 'same');
  }, [before, after]);
  return (
    <>
      <Stage title={t('story.wall.run')} problem={problem}>
        <Start
          label={t('story.wall.run')}
          onStart={() => void more.run()}
          isBusy={status === 'running'}
          isPredicted={isPredicted}
        />
        <PipelineActivity status={status} progress={progress} />
        <dl data-testid="more" className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
          {before && (
            <>
              <dt className="text-soft">{t('story.wall.wasRight')}</dt>
              <dd>{share(before.accuracy, before.problems)}</dd>
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
      {after && <Prose texts={t('story.wall.after', { returnObjects: true })} />}
    </>
  );
}
