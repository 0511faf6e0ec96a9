// What a question waits for, in words: `step 6 of the training and a batch of the measurement on Compare`.
import { useTranslation } from 'react-i18next';
import { deviceWork } from '../../state/deviceWork';
import { usePipelines } from '../../state/page/pipelines';
import { useRun, useShelf } from '../../state/page/run';
import { useScaling } from '../../state/page/scaling';

interface WorkInWords {
  readonly text: string;
  /** Steps of training, and nothing else. */
  readonly isTrainingAlone: boolean;
}

/** Undefined where nothing is under way. */
export function useDeviceWork(): WorkInWords | undefined {
  const { t, i18n } = useTranslation();
  const all = deviceWork(useRun(), usePipelines(), useShelf(), useScaling());
  if (all.length === 0) return undefined;
  const names = all.map((work) => {
    if (work.kind === 'step')
      return work.step === undefined ? t('ask.work.someStep') : t('ask.work.step', { step: work.step });
    return work.kind === 'evaluation' ? t('ask.work.evaluation', { name: work.name }) : t(`ask.work.${work.kind}`);
  });
  const isTrainingAlone = all.every(({ kind }) => kind === 'step');
  return { text: new Intl.ListFormat(i18n.language).format(names), isTrainingAlone };
}
