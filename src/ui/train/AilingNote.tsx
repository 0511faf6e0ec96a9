// What is wrong with the weights of a run that still goes on, since when, and when it will be stopped.
import { useTranslation } from 'react-i18next';
import { useRun } from '../../state/page/run';
import { isTraining } from '../../state/runReducer';

export function AilingNote() {
  const { t } = useTranslation();
  const ailing = useRun((state) => (isTraining(state) ? state.ailing : undefined));
  if (ailing === undefined || ailing.stepsLeft === 0) return null;
  const { ailment, since, stepsLeft } = ailing;
  return (
    <p role="status" className="mt-2 max-w-prose border-l-3 border-bad bg-wash px-4 py-2 text-fine">
      {t('train.ailing.frame', { since, what: t(`train.ailing.${ailment}`), count: stepsLeft })}
    </p>
  );
}
