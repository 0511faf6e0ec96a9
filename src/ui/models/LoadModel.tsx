// Ways to bring a model of one's own: a folder from disk or a zip, by button or by drop.
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadAnotherModel } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { Note, ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';
import { filesOfDrop, MAX_ZIP_BYTES, readModelFiles } from './readFiles';

// React does not know the attribute; every browser with WebGPU does.
const FOLDER_INPUT = { webkitdirectory: '' };

export function LoadModel() {
  const { t } = useTranslation();
  const format = useFormat();
  const isLoading = useSession((session) => session.loading !== undefined);
  const modelProblem = useSession((session) => session.modelProblem);
  const [unread, setUnread] = useState<{ readonly what: string; readonly remedy: string }>();
  const [isOver, setOver] = useState(false);
  const folderRef = useRef<HTMLInputElement>(null);
  const zipRef = useRef<HTMLInputElement>(null);
  const load = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setUnread(undefined);
    const read = await readModelFiles(files);
    if (read.ok) return loadAnotherModel(read.source);
    const about = { name: files[0]?.name, limit: format.bytes(MAX_ZIP_BYTES) };
    setUnread({
      what: t(`models.unread.${read.reason}.what`, about),
      remedy: t(`models.unread.${read.reason}.remedy`, about),
    });
  };
  const onDrop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    await load(await filesOfDrop(event.dataTransfer));
  };
  return (
    <section
      aria-labelledby="load-title"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void onDrop(event)}
      className={`mt-10 rounded-lg border border-dashed p-5 ${isOver ? 'border-accent bg-wash' : 'border-edge'}`}
    >
      <h2 id="load-title" className="caps">
        {t('models.load')}
      </h2>
      <p className="mt-1 text-fine text-soft">{t('models.drop')}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        <button type="button" className="button" disabled={isLoading} onClick={() => folderRef.current?.click()}>
          {t('models.chooseFolder')}
        </button>
        <button type="button" className="button" disabled={isLoading} onClick={() => zipRef.current?.click()}>
          {t('models.chooseZip')}
        </button>
        <input
          ref={folderRef}
          type="file"
          hidden
          {...FOLDER_INPUT}
          onChange={(event) => void load([...(event.target.files ?? [])])}
        />
        <input
          ref={zipRef}
          type="file"
          hidden
          accept=".zip"
          onChange={(event) => void load([...(event.target.files ?? [])])}
        />
      </div>
      {unread ? <Note {...unread} /> : modelProblem && <ProblemNote problem={modelProblem} />}
    </section>
  );
}
