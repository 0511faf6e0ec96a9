// A chart of this page as a figure: with what its steps are called, and whose it is.
import { useTranslation } from 'react-i18next';
import { useRun } from '../../state/page/run';
import { runTitle } from '../../state/runTitle';
import type { Figure } from './figure';

export function useFigure() {
  const { t } = useTranslation();
  return (shown: Omit<Figure, 'xLabel'>): Figure => {
    const { run } = useRun.getState();
    const whose = shown.legend.length === 0 && run ? `${runTitle(run)} · ` : '';
    return { ...shown, caption: `${shown.caption} ${whose}Soliloquy`, xLabel: t('chart.step') };
  };
}
