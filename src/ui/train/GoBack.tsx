// Of a run that failed: back to its last checkpoint, from which a run with other settings can start.
import { useTranslation } from 'react-i18next';
import { openRun, useRun, useShelf } from '../../state/page/run';

export function GoBack() {
  const { t } = useTranslation();
  const id = useRun((state) => state.run?.id);
  const savedStep = useRun((state) => state.savedStep);
  const isHere = useRun((state) => state.origin === 'live');
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  if (id === undefined || savedStep === undefined || !isHere) return null;
  return (
    <button type="button" className="button" disabled={isBusy} onClick={() => void openRun(id)}>
      {t('train.goBack', { step: savedStep })}
    </button>
  );
}
