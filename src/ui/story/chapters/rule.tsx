// Chapter: eight answers to one question, scored by a rule and compared with each other.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asides, reveal } from '../../../state/page/story';
import { numRight, rewardedGroup } from '../../../state/rewardedGroup';
import { hasSignal, RolloutGroup } from '../../rollouts/RolloutGroup';
import { Chapter } from '../Chapter';
import { EightAnswers } from '../EightAnswers';
import { NumberPrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';
import { SumField } from '../SumField';

const MODEL = 'base';
const SAMPLES = 8;
const QUESTION = 'rule.right';

export default function Rule() {
  const { t } = useTranslation();
  const { group } = asides;
  const isPredicted = useIsPredicted(QUESTION);
  const [question, setQuestion] = useState('9-3-8+5-4');
  const [isBusy, setBusy] = useState(false);
  const seed = useRef(0);
  const request = group.useAnswer((state) => state.request);
  const samples = group.useAnswer((state) => state.samples);
  const problem = group.useAnswer((state) => state.problem);
  const rewarded = useMemo(() => (request ? rewardedGroup(request.question, samples) : undefined), [request, samples]);
  const right = rewarded && numRight(rewarded);
  useEffect(() => {
    if (right !== undefined) reveal(QUESTION, right);
  }, [right]);
  const draw = async () => {
    setBusy(true);
    await group.ask(MODEL, question, { samples: SAMPLES, seed: ++seed.current, temperature: 1 });
    setBusy(false);
  };
  return (
    <Chapter name="rule">
      <Prose texts={t('story.rule.before', { returnObjects: true })} />
      <NumberPrediction questions={[{ name: QUESTION, text: t('story.rule.predict'), max: SAMPLES }]} />
      <Stage title={t('story.rule.drawing')} problem={problem}>
        <SumField label={t('story.rule.question')} value={question} onChange={setQuestion} isDisabled={isBusy} />
        <Start
          label={t(request ? 'story.rule.again' : 'story.rule.run')}
          onStart={() => void draw()}
          isBusy={isBusy}
          isPredicted={isPredicted}
        />
        {rewarded ? <RolloutGroup group={rewarded} /> : <EightAnswers samples={samples} />}
        {rewarded && !hasSignal(rewarded) && <p className="mt-3">{t('story.rule.equal')}</p>}
      </Stage>
      {rewarded && <Prose texts={t('story.rule.after', { returnObjects: true })} />}
    </Chapter>
  );
}
