// Under a panel in another page: whose it is, and the way to the page itself. Links to other screens go there, too.
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { readAddress, type Screen } from '../../state/address';

const onHash = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export default function EmbedFoot({ screen }: { readonly screen: Screen }) {
  const { t } = useTranslation();
  const hash = useSyncExternalStore(onHash, () => location.hash);
  const page = `${location.origin}${location.pathname}`;
  useEffect(() => {
    const leave = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
      const target = link?.getAttribute('href') ?? '';
      if (link === null || readAddress(target).screen === screen) return;
      event.preventDefault();
      open(`${page}${target}`, '_blank', 'noopener');
    };
    document.addEventListener('click', leave, true);
    return () => document.removeEventListener('click', leave, true);
  }, [page, screen]);
  return (
    <footer className="flex flex-wrap items-center gap-x-5 border-t hairline px-4 py-2 text-fine text-soft">
      <a href={`${page}${hash}`} target="_blank" rel="noopener" className="link min-h-6">
        {t('links.openPage')}
      </a>
      {!globalThis.crossOriginIsolated && <span>{t('links.oneThread')}</span>}
    </footer>
  );
}
