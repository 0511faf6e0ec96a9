// Code of a stranger, to read before it may run.
import { type Ref, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { SCROLLABLE } from '../components/scrollable';

interface CodeNoteProps {
  readonly code: string;
  readonly from: 'link' | 'file';
  readonly mayRun: boolean;
  readonly onAllow: () => void;
  readonly heading?: Ref<HTMLHeadingElement>;
}

export function CodeNote({ code, from, mayRun, onAllow, heading }: CodeNoteProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section aria-labelledby={id} className="my-5 border-l-3 border-bad bg-wash px-4 py-3">
      <h2 ref={heading} id={id} tabIndex={-1} className="font-semibold">
        {t(from === 'link' ? 'links.codeTitle' : 'links.fileCodeTitle')}
      </h2>
      <p className="max-w-prose text-fine text-soft">{t('links.codeMore')}</p>
      <pre {...SCROLLABLE} className="my-3 max-h-80 overflow-auto bg-raised p-3 font-mono text-fine">
        {code}
      </pre>
      {mayRun ? (
        <p className="text-fine">{t('links.allowed')}</p>
      ) : (
        <>
          <p className="mb-2 text-fine">{t(from === 'link' ? 'links.codeWaits' : 'links.fileCodeWaits')}</p>
          <button type="button" className="button" onClick={onAllow}>
            {t('links.allow')}
          </button>
        </>
      )}
    </section>
  );
}
