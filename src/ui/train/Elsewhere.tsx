// The open run is another tab's: who has it, what can be done here, and what to do to go on.
import { useTranslation } from 'react-i18next';
import { openRun, useRun, useShelf } from '../../state/page/run';

export function Elsewhere() {
  const { t } = useTranslation();
  const run = useRun((state) => (state.origin === 'elsewhere' ? state.run : undefined));
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  if (run === undefined) return null;
  return (
    <div role="alert" className="my-4 max-w-prose border-l-3 border-accent bg-wash px-4 py-3">
      <p className="font-semibold">{t('train.elsewhere', { name: run.name })}</p>
      <p className="text-soft">{t('train.elsewhereMore', { step: run.step })}</p>
      <button type="button" className="button mt-3" disabled={isBusy} onClick={() => void openRun(run.id)}>
        {t('train.elsewhereOpen')}
      </button>
    </div>
  );
}
