// The curve of a run that climbs a learned reward, for the story: beside it what was recorded of the verifier's.
import { useTranslation } from 'react-i18next';
import type { KlPoint } from '../../../state/klCurve';
import { KlChart } from './KlChart';
import { curves } from './recorded';

export default function PleasedChart({ learned }: { readonly learned: readonly KlPoint[] }) {
  const { t } = useTranslation();
  return <KlChart title={t('rlhf.storyTitle')} learned={learned} verified={curves.verified ?? []} />;
}
