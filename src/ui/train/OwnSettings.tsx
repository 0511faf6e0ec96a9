// By a button that goes on with a run: that it takes the run's own settings, of which learning_rate is the one to look at.
import { useTranslation } from 'react-i18next';
import type { RunSettings } from '../../worker/protocol';
import { writeNumber } from '../components/NumberInput';

export function OwnSettings({ settings }: { readonly settings: RunSettings }) {
  const { t } = useTranslation();
  return (
    <p className="mt-1 text-fine text-soft">
      {t('train.ownSettings', { rate: writeNumber(settings.config.learning_rate) })}
    </p>
  );
}
