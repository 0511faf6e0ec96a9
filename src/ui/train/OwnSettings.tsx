// By a button that goes on with a run: that it takes the run's own settings, of which learning_rate is the one to look at.
import { Trans } from 'react-i18next';
import type { RunSettings } from '../../protocol/protocol';
import { writeNumber } from '../components/NumberInput';

export function OwnSettings({ settings }: { readonly settings: RunSettings }) {
  return (
    <p className="mt-2 text-fine text-soft">
      <Trans
        i18nKey="train.ownSettings"
        values={{ rate: writeNumber(settings.config.learning_rate) }}
        components={{ code: <code className="font-mono text-xs whitespace-nowrap" /> }}
      />
    </p>
  );
}
