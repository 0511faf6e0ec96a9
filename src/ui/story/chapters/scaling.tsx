// Chapter: what size buys and what text buys, on nine small models; and what it is worth to read a text again.
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../../i18n/lazyPart';
import { Chapter } from '../Chapter';
import { ChoicePrediction } from '../Prediction';
import { Prose } from '../Prose';

const SizeAndText = lazyPart('laws', () => import('../SizeAndText'));

const QUESTION = 'scaling.more';

export default function Scaling() {
  const { t } = useTranslation();
  const choices = t('story.scaling.choices', { returnObjects: true });
  return (
    <Chapter name="scaling">
      <Prose texts={t('story.scaling.before', { returnObjects: true })} />
      <ChoicePrediction name={QUESTION} text={t('story.scaling.predict')} choices={choices} />
      <SizeAndText question={QUESTION} />
    </Chapter>
  );
}
