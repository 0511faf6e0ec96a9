// Copies the whole address of what stands there: this page's, with what it is to open with.
import { useTranslation } from 'react-i18next';
import { readAddress } from '../../state/address';
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
  return (
    <>
      <CopyButton text={`${page}${hash}`} label={t('links.copy')} title={title} className={className} />
      <CopyButton
        text={embedCode(page, hash)}
        label={t('links.copyEmbed')}
        title={t('links.copyEmbedHelp')}
        className={className}
      />
    </>
  );
}

/** A panel for another page. Threads need that page's leave. */
function embedCode(page: string, hash: string): string {
  const { screen, part } = readAddress(hash);
  const panel = part === undefined ? screen : `${screen}/${part}`;
  const source = `${page}?embed=${encodeURIComponent(panel)}${hash}`.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return (
    `<iframe src="${source}" title="Soliloquy" width="100%" height="640" style="border:0" loading="lazy" ` +
    'allow="cross-origin-isolated; clipboard-write"></iframe>'
  );
}
