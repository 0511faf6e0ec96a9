// While something trains or is measured: how long an answer waits, and for what.
import { useTranslation } from 'react-i18next';
import { useTraining } from '../app/useTraining';
import { useFormat } from '../format';
import { useDeviceWork } from './useDeviceWork';

export function TrainingNote() {
  const { t } = useTranslation();
  const format = useFormat();
  const training = useTraining();
  const work = useDeviceWork();
  if (work === undefined) return null;
  return (
    <p data-testid="training-waits" className="border-l-3 border-accent bg-wash px-3 py-1 text-fine">
      {training === undefined || !work.isTrainingAlone
        ? t('ask.answerWaits', { work: work.text })
        : training.stepMs === undefined
          ? t('ask.trainingWaitsSome', { name: training.name })
          : t('ask.trainingWaits', { name: training.name, duration: format.duration(training.stepMs) })}
    </p>
  );
}
