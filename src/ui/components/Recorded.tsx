// Of a recording: that it is one, by which model, on which device, and when.
import { useTranslation } from 'react-i18next';
import type { MadeBy } from '../../protocol/recording';
import { useFormat } from '../format';
import { Badge } from './Badge';

/** A device's name without its drivers' versions, which the badge has. */
const shortOf = (device: string) => (/^[^:(]+/.exec(device)?.[0] ?? device).trim();

export function Recorded({ madeBy: { model, device, at } }: { readonly madeBy: MadeBy }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-fine text-soft">
      <Badge title={device}>{t('app.recorded')}</Badge>
      {t('app.recordedBy', { model, device: shortOf(device), date: format.date(at) })}
    </p>
  );
}
