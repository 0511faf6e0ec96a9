// Chapter: a pupil that imitates a mediocre player of Nim, and what it becomes by playing against itself.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { SMALL_NIM } from '../../../tasks/games/nimPosition';
import { teacherShare } from '../../../tasks/games/teacherShare';
import { useFormat } from '../../format';
import { lazyPart } from '../../i18n/lazyPart';
import { Chapter } from '../Chapter';
import { ChoicePrediction } from '../Prediction';
import { Prose } from '../Prose';

const PlayItself = lazyPart('nim', () => import('../PlayItself'));

const QUESTION = 'selfPlay.share';

export default function SelfPlay() {
  const { t } = useTranslation();
  const format = useFormat();
  const choices = t('story.selfPlay.choices', { returnObjects: true });
  const teacher = useMemo(() => teacherShare(SMALL_NIM), []);
  return (
    <Chapter name="selfPlay">
      <Prose texts={t('story.selfPlay.before', { returnObjects: true })} />
      <ChoicePrediction
        name={QUESTION}
        text={t('story.selfPlay.predict', { share: format.percent(teacher) })}
        choices={choices}
      />
      <PlayItself question={QUESTION} teacher={teacher} />
    </Chapter>
  );
}
