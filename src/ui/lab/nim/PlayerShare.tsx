// How often a player found a winning move when it was made and measured.
import { useTranslation } from 'react-i18next';
import type { Done } from '../../../protocol/protocol';
import { MeasuredShare } from '../../components/MeasuredShare';

interface PlayerShareProps {
  readonly evaluation: NonNullable<Done['evaluation']>;
}

export default function PlayerShare({ evaluation: { accuracy, problems } }: PlayerShareProps) {
  const { t } = useTranslation();
  return (
    <span className="block text-fine text-soft">
      <MeasuredShare share={accuracy} trials={problems} sentence={(share) => t('nim.finds', { share })} />
    </span>
  );
}
