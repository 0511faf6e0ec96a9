// Copies the whole panel as text, for a report of a fault.
import { useTranslation } from 'react-i18next';
import type { DeviceInfo } from '../../protocol/protocol';
import { useDevice } from '../../state/page/device';
import { useSession } from '../../state/page/session';
import { useWays } from '../../state/page/ways';
import { CopyButton } from '../components/CopyButton';
import { reportText } from './reportText';

export function CopyReport({ device }: { readonly device: DeviceInfo }) {
  const { t } = useTranslation();
  const { report, profile } = useDevice();
  const model = useSession((session) => session.model);
  const { ask, step } = useSession((session) => session.costs);
  const ways = useWays((state) => state.ways);
  const text = reportText({ browser: navigator.userAgent, device, model, report, ask, step, profile, ways });
  return <CopyButton text={text} label={t('device.copy')} title={t('device.copyHelp')} />;
}
