// The link to the settings of a run.
import { useTranslation } from 'react-i18next';
import type { RunSettings } from '../../protocol/protocol';
import { writeRunLink } from '../../state/links/runLink';
import { CopyLink } from './CopyLink';

interface CopyRunLinkProps {
  readonly settings: RunSettings;
  /** Id of the shipped model that it starts from. */
  readonly start: string | undefined;
  readonly title?: string;
}

export default function CopyRunLink({ settings, start, title }: CopyRunLinkProps) {
  const { t } = useTranslation();
  return (
    <CopyLink
      hash={writeRunLink({ settings, start })}
      title={title ?? t('links.copyTrainHelp')}
      className="button-plain -ml-1 text-fine"
    />
  );
}
