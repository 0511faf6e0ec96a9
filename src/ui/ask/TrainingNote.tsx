// While something trains: how long an answer waits.
import { useTranslation } from 'react-i18next';
import { useTraining } from '../app/useTraining';
import { useFormat } from '../format';

export function TrainingNote() {
  const { t } = useTranslation();
  const format = useFormat();
  const training = useTraining();
  if (training === undefined) return null;
  const { name, stepMs } = training;
  return (
    <p data-testid="training-waits" className="border-l-3 border-accent bg-wash px-3 py-1 text-fine">
      {stepMs === undefined
        ? t('ask.trainingWaitsSome', { name })
        : t('ask.trainingWaits', { name, duration: format.duration(stepMs) })}
    </p>
  );
}
