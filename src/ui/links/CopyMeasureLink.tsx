// The link to the models whose thinking is measured, and to how.
import { useTranslation } from 'react-i18next';
import { writeComparisonLink } from '../../state/links/comparisonLink';
import type { ScalingSettings } from '../../state/scaling';
import { CopyLink } from './CopyLink';

interface CopyMeasureLinkProps {
  /** By `modelKey`. */
  readonly models: readonly string[];
  readonly settings: ScalingSettings;
}

export default function CopyMeasureLink({ models, settings }: CopyMeasureLinkProps) {
  const { t } = useTranslation();
  return <CopyLink hash={writeComparisonLink({ runs: [], models, settings })} title={t('links.copyModelsHelp')} />;
}
