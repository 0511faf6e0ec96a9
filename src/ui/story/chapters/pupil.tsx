// Chapter: a pupil and its teacher: forty problems each, and what was measured of ways to teach a small model.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { measurements, reveal } from '../../../state/page/story';
import { isMeasuring } from '../../../state/scaling';
import { useFormat } from '../../format';
import { Chapter } from '../Chapter';
import { Forty } from '../Forty';
import { NumberPrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';

const QUESTION = 'pupil.right';
const PROBLEMS = 40;
const MODELS = ['r1', 'distilled'] as const;
/** Accuracy over three seeds (docs/experiments.md). */
const RECORDED = { teacher: 0.879, student: 0.11, own: 0.109, onPolicy: 0.177, traces: 0.345 } as const;

export default function Pupil() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  const { pupil } = measurements;
  const state = pupil.useScaling();
  const rights = MODELS.map((_, place) => {
    const measure = state.measures[place]?.[0];
    return measure && Math.round(measure.accuracy * PROBLEMS);
  });
  const [, distilled] = rights;
  useEffect(() => {
    if (distilled !== undefined) reveal(QUESTION, distilled);
  }, [distilled]);
  const run = () => {
    const models = MODELS.map((id) => ({ kind: 'shipped' as const, id }));
    const seed = (state.request?.seed ?? -1) + 1;
    const how = { numProblems: PROBLEMS, samples: 1, controls: [], temperature: 1, maxTokens: null, seed };
    void pupil.startScaling({ models, task: 'chained_sums', difficulty: {}, ...how }, MODELS);
  };
  return (
    <Chapter name="pupil">
      <Prose texts={t('story.pupil.before', { returnObjects: true })} />
      <NumberPrediction questions={[{ name: QUESTION, text: t('story.pupil.predict'), max: PROBLEMS }]} />
      <Stage title={t('story.pupil.run')} problem={state.problem}>
        <Start
          label={t(state.request ? 'story.pupil.again' : 'story.pupil.run')}
          onStart={run}
          isBusy={isMeasuring(state)}
          isPredicted={isPredicted}
        />
        {MODELS.map((name, place) => (
          <Forty
            key={name}
            label={t(`story.pupil.${name}`)}
            total={PROBLEMS}
            done={Math.min(PROBLEMS, Math.max(0, state.done - place * PROBLEMS))}
            right={rights[place]}
          />
        ))}
      </Stage>
      {distilled !== undefined && (
        <>
          <Prose texts={t('story.pupil.ways', { returnObjects: true })} />
          <Ways />
          <Prose texts={t('story.pupil.after', { returnObjects: true })} />
        </>
      )}
    </Chapter>
  );
}

function Ways() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="mt-4">
      {Object.entries(RECORDED).map(([way, accuracy]) => (
        <li
          key={way}
          className="grid grid-cols-[9rem_minmax(0,1fr)_3rem] items-center gap-3 py-1 text-fine sm:grid-cols-[15rem_minmax(0,1fr)_3rem]"
        >
          <span>{t(`story.pupil.way.${way as keyof typeof RECORDED}`)}</span>
          <span aria-hidden className="h-3 overflow-hidden rounded-xs bg-line">
            <span
              className={`block h-full ${way === 'teacher' ? 'bg-faint' : 'bg-accent'}`}
              style={{ width: format.percent(accuracy, 1) }}
            />
          </span>
          <b className="text-right font-semibold">{format.percent(accuracy)}</b>
        </li>
      ))}
    </ul>
  );
}
