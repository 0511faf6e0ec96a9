// Where a run went on on another device than before: from which step on, and that its bits differ from there.
import { useTranslation } from 'react-i18next';
import { useRun } from '../../state/page/run';

export function RunDevices() {
  const { t } = useTranslation();
  const devices = useRun((state) => state.run?.devices) ?? [];
  const changes = devices.slice(1).map((now, i) => ({ step: now.afterStep, before: devices[i]?.name, now: now.name }));
  if (changes.length === 0) return null;
  return (
    <p data-testid="run-devices" className="mt-1 max-w-prose text-fine text-soft">
      {changes.map((change) => t('train.deviceChange', change)).join(' ')} {t('train.deviceBits')}
    </p>
  );
}
