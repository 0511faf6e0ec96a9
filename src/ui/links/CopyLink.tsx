// Copies the whole address of what stands there: this page's, with what it is to open with.
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../components/CopyButton';

interface CopyLinkProps {
  /** The address behind `#`. */
  readonly hash: string;
  readonly title: string;
  readonly className?: string;
}

export function CopyLink({ hash, title, className = 'button-plain' }: CopyLinkProps) {
  const { t } = useTranslation();
  const page = `${location.origin}${location.pathname}`;
  return <CopyButton text={`${page}${hash}`} label={t('links.copy')} title={title} className={className} />;
}
