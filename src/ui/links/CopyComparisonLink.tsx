// The link to the runs that are laid over one another.
import { useTranslation } from 'react-i18next';
import { writeComparisonLink } from '../../state/links/comparisonLink';
import { useCompared } from '../../state/page/comparison';
import { CopyLink } from './CopyLink';

export default function CopyComparisonLink() {
  const { t } = useTranslation();
  const runs = useCompared().flatMap((one) => (one ? [{ id: one.run.id, name: one.run.name }] : []));
  if (runs.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-x-4">
      <CopyLink hash={writeComparisonLink({ runs, models: [], settings: undefined })} title={t('links.copyRunsHelp')} />
    </div>
  );
}
