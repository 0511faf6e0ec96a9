// What this browser will not keep, said before anything is made that could be lost.
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/page/session';
import { useStorage } from '../../state/page/storage';
import { bytesOfRun, storageNotice } from '../../state/storage';
import { useFormat } from '../format';

export function StorageNote() {
  const { t } = useTranslation();
  const format = useFormat();
  const kept = useSession((session) => session.catalogue?.kept);
  const modelBytes = useSession((session) => session.model?.sizeBytes ?? 0);
  const storage = useStorage();
  const notice = kept && storageNotice(kept, storage, modelBytes);
  if (notice === undefined) return null;
  const about = { free: format.bytes(storage.freeBytes ?? 0), need: format.bytes(bytesOfRun(modelBytes)) };
  const text = t(`storage.${notice}`, about);
  if (notice === 'noPromise') return <p className="mt-3 max-w-prose text-fine text-soft">{text}</p>;
  return (
    <p
      role="status"
      data-testid="storage-note"
      className="mt-3 max-w-prose border-l-3 border-bad bg-wash px-3 py-2 text-sm"
    >
      {text}
    </p>
  );
}
