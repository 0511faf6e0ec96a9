// A run of a file, kept and opened.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useShelf } from '../../state/page/run';
import { importRun } from '../../state/page/runFiles';

export default function OpenRunFile() {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  const open = async (field: HTMLInputElement) => {
    const file = field.files?.[0];
    if (file) await importRun(file);
    // So that the same file is a change again.
    field.value = '';
  };
  return (
    <>
      <button
        type="button"
        className="button min-h-8 text-fine"
        disabled={isBusy}
        onClick={() => input.current?.click()}
      >
        {t('links.openRunFile')}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".zip,application/zip"
        aria-label={t('links.openRunFile')}
        onChange={(event) => void open(event.currentTarget)}
      />
    </>
  );
}
