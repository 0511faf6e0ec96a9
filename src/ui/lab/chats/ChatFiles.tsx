// Kept thinking as a file, in and out; the questions left out of it; and all of it deleted.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readChats, writeChats } from '../../../state/chats';
import { add, forgetAll, leaveQuestionsOut, useChats } from '../../../state/page/chats';
import { AskOnce } from '../../components/AskOnce';
import { Note } from '../../components/ProblemNote';
import { saveFile } from '../../saveFile';

const MAX_BYTES = 5 * 2 ** 20;
/** Numbers of lines that are named. */
const MOST_NAMED = 10;

type Reading = ReturnType<typeof readChats> | 'unreadable';

export function ChatFiles() {
  const { t } = useTranslation();
  const chats = useChats((state) => state.chats);
  const [reading, setReading] = useState<Reading>();
  const fileRef = useRef<HTMLInputElement>(null);
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    const text = file.size > MAX_BYTES ? undefined : await file.text().catch(() => undefined);
    const read = text === undefined ? 'unreadable' : readChats(text);
    setReading(read);
    // All of it or nothing.
    if (read !== 'unreadable' && read.bad.length === 0) add(read.chats);
  };
  return (
    <section aria-labelledby="chats-files" className="mt-8 border-t hairline pt-4">
      <h2 id="chats-files" className="caps">
        {t('chats.filesTitle')}
      </h2>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        {chats.length > 0 && (
          <button type="button" className="button" onClick={() => saveFile(writeChats(chats), 'chats.jsonl')}>
            {t('chats.exportAll')}
          </button>
        )}
        <button type="button" className="button" onClick={() => fileRef.current?.click()}>
          {t('chats.importFile')}
        </button>
        <input
          ref={fileRef}
          type="file"
          hidden
          accept=".jsonl,.ndjson,.json"
          data-testid="chats-file"
          onChange={({ target }) => {
            void open(target.files?.[0]);
            target.value = '';
          }}
        />
        {chats.some(({ question }) => question !== '') && (
          <button type="button" className="button" title={t('chats.leaveOutHelp')} onClick={leaveQuestionsOut}>
            {t('chats.leaveOut')}
          </button>
        )}
        {chats.length > 0 && (
          <AskOnce label={t('chats.deleteAll')} sure={t('chats.sure', { count: chats.length })} onConfirm={forgetAll} />
        )}
      </div>
      <p className="mt-2 text-fine text-soft">{t('chats.exportHelp')}</p>
      {reading !== undefined && <Imported reading={reading} />}
    </section>
  );
}

function Imported({ reading }: { readonly reading: Reading }) {
  const { t } = useTranslation();
  const remedy = t('chats.importBadRemedy');
  if (reading === 'unreadable') return <Note what={t('chats.importUnreadable')} remedy={remedy} />;
  const { chats, bad } = reading;
  if (bad.length > 0) {
    const lines = `${bad.slice(0, MOST_NAMED).join(', ')}${bad.length > MOST_NAMED ? ', …' : ''}`;
    return <Note what={t('chats.importBad', { count: bad.length, lines })} remedy={remedy} />;
  }
  if (chats.length === 0) return <Note what={t('chats.importEmpty')} remedy={remedy} />;
  return (
    <p role="status" className="mt-2 text-fine">
      {t('chats.imported', { count: chats.length })}
    </p>
  );
}
