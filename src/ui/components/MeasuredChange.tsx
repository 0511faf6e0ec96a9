// Beneath a sentence that rounds two accuracies: on how many problems each was measured, how surely, and at which temperature.
import { useTranslation } from 'react-i18next';
import { useShareText } from './MeasuredShare';

interface Measurement {
  readonly accuracy: number;
  readonly problems: number;
}

interface MeasuredChangeProps {
  readonly before: Measurement;
  readonly now: Measurement | undefined;
  readonly temperature: number | undefined;
}

export function MeasuredChange({ before, now, temperature }: MeasuredChangeProps) {
  const { t } = useTranslation();
  const share = useShareText();
  const shares = [before, ...(now ? [now] : [])].map(({ accuracy, problems }) => share(accuracy, problems));
  return (
    <p data-testid="measured" className="mt-1 max-w-prose text-fine text-soft">
      {t('measured.heldOut', { shares: shares.join(' → ') })}
      {temperature !== undefined && ` ${t('measured.temperature', { temperature })}`}
    </p>
  );
}
