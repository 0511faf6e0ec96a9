// Opens results that other programs made: by button, or by a drop on what it stands in.
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChosenFile } from '../../protocol/protocol';
import { openResults, useResults } from '../../state/page/results';
import { chosenFiles, droppedFiles } from '../components/droppedFiles';
import { Note, ProblemNote } from '../components/ProblemNote';
import { MadeElsewhereNote } from './MadeElsewhereNote';

// React does not know the attribute.
const FOLDER_INPUT = { webkitdirectory: '' };

export function OpenResults() {
  const { t } = useTranslation();
  const { isReading, opened, problem } = useResults();
  const filesRef = useRef<HTMLInputElement>(null);
  const folderRef = useRef<HTMLInputElement>(null);
  const open = async (input: HTMLInputElement) => {
    await openResults(chosenFiles(input));
    // So that the same files are a change again.
    input.value = '';
  };
  const file = (ref: typeof filesRef, label: string, kind: object) => (
    <>
      <button
        type="button"
        className="button min-h-8 text-fine"
        disabled={isReading}
        onClick={() => ref.current?.click()}
      >
        {label}
      </button>
      <input
        ref={ref}
        type="file"
        hidden
        multiple
        aria-label={label}
        {...kind}
        onChange={(event) => void open(event.currentTarget)}
      />
    </>
  );
  return (
    <section aria-labelledby="results-title" className="mt-6">
      <h2 id="results-title" className="caps">
        {t('elsewhere.title')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('elsewhere.intro')}</p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {file(filesRef, t('elsewhere.chooseFiles'), {})}
        {file(folderRef, t('elsewhere.chooseFolder'), FOLDER_INPUT)}
        <output className="text-fine text-soft">
          {isReading ? t('elsewhere.reading') : opened.length > 0 && t('elsewhere.opened', { count: opened.length })}
        </output>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {opened.map((run) => (
        <MadeElsewhereNote key={run.id} run={run} isNamed />
      ))}
    </section>
  );
}

/** Takes files that are dropped anywhere on it. */
export function ResultsDrop({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const [isUnreadable, setUnreadable] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files: ChosenFile[] | undefined = await droppedFiles(event.dataTransfer).catch(() => undefined);
    setUnreadable(files === undefined);
    if (files) await openResults(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop has its buttons beside it, for the keyboard.
    <div
      className={isOver ? 'outline-2 outline-offset-8 outline-accent outline-dashed' : undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => void drop(event)}
    >
      {isUnreadable && <Note what={t('elsewhere.unreadable')} remedy={t('elsewhere.unreadableMore')} />}
      {children}
    </div>
  );
}
