// Copies the whole panel as text, for a report of a fault.
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDevice } from '../../state/device';
import { useSession } from '../../state/session';
import type { DeviceInfo } from '../../worker/protocol';
import { reportText } from './reportText';

export function CopyReport({ device }: { readonly device: DeviceInfo }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<string>();
  const { report, profile } = useDevice();
  const model = useSession((session) => session.model);
  const { ask, step } = useSession((session) => session.costs);
  const text = reportText({ browser: navigator.userAgent, device, model, report, ask, step, profile });
  const isCopied = copied === text;
  const Icon = isCopied ? Check : Copy;
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => setCopied(undefined),
    );
  return (
    <button type="button" className="button" title={t('device.copyHelp')} onClick={copy}>
      <Icon aria-hidden size={15} /> {t(isCopied ? 'ask.copied' : 'device.copy')}
    </button>
  );
}
