// A pipeline as a JSON file: taken from one, or given as one. The command line has the same form.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { exportPipeline, openPipeline, usePipelineDesk } from '../../state/page/pipelineDesk';
import { saveFile } from '../saveFile';

export function PipelineFiles({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const isBusy = usePipelineDesk((desk) => desk.pending !== undefined);
  const inputRef = useRef<HTMLInputElement>(null);
  const open = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (file) await openPipeline(file);
    // So that the same file, corrected, is a change again.
    input.value = '';
  };
  const save = async () => {
    const text = await exportPipeline(name);
    if (text !== undefined) saveFile(text, `${name}.json`);
  };
  return (
    <div className="mt-6 border-t hairline pt-3">
      <p className="text-fine text-soft">{t('stages.fileHelp')}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <button type="button" className="button" disabled={isBusy} onClick={() => inputRef.current?.click()}>
          {t('stages.openFile')}
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={() => void save()}>
          {t('stages.saveFile')}
        </button>
        <input
          ref={inputRef}
          type="file"
          hidden
          accept=".json,application/json"
          onChange={(event) => void open(event.currentTarget)}
        />
      </div>
    </div>
  );
}
