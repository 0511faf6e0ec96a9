// What to know of how a model's folder was read, e.g. which of two files was taken.
import { useTranslation } from 'react-i18next';
import type { FolderNotice } from '../../protocol/protocol';

export function FolderNotices({ notices }: { readonly notices: readonly FolderNotice[] }) {
  const { t } = useTranslation();
  return (
    <ul className="mt-3 text-sm text-soft">
      {notices.map(({ kind, taken, left }) => (
        <li key={kind}>{t(`models.notice.${kind}`, { taken, left })}</li>
      ))}
    </ul>
  );
}
