// The reader's own problems: a file or a paste is read and shown, and kept only when they say so; and the sets that are kept.
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keepProblems, refreshProblemSets, useProblemSets } from '../../state/page/problemSets';
import { readProblemFile } from '../../tasks/own/problemFile';
import { MAX_NAME_CHARACTERS, type ProblemSet } from '../../tasks/own/problemSet';
import { ProblemNote } from '../components/ProblemNote';
import { FileNote } from './FileNote';
import { KeptSets } from './KeptSets';
import { ProblemPreview } from './ProblemPreview';

/** The same in every language: the columns have their names. */
const EXAMPLE = 'question,answer,rule\n17+26-9=?,34,number\n"f(x)=2x, f(x+1)=?",2x+2,expression';

type Reading = ReturnType<typeof readProblemFile> | { readonly fault: { readonly kind: 'unreadable' } };

interface ProblemSetsProps {
  /** A set was kept or chosen to train on. */
  readonly onUse: (set: ProblemSet) => void;
  readonly onClose: () => void;
}

export default function ProblemSets({ onUse, onClose }: ProblemSetsProps) {
  const { t } = useTranslation();
  const id = useId();
  const problem = useProblemSets((state) => state.problem);
  const [pasted, setPasted] = useState('');
  const [name, setName] = useState('');
  const [reading, setReading] = useState<Reading>();
  const fileRef = useRef<HTMLInputElement>(null);
  useEffect(() => void refreshProblemSets(), []);
  const open = async (file: File | undefined) => {
    if (file === undefined) return;
    setName(file.name.replace(/\.[^.]*$/, '').slice(0, MAX_NAME_CHARACTERS));
    setReading(await file.text().then(readProblemFile, () => ({ fault: { kind: 'unreadable' as const } })));
  };
  const begin = () => {
    setReading(undefined);
    setPasted('');
  };
  const keep = async () => {
    if (reading === undefined || 'fault' in reading) return;
    const kept = await keepProblems(name.trim() || t('problems.title'), reading.problems);
    if (kept === undefined) return;
    begin();
    onUse(kept);
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-veil" />
        <Dialog.Popup className="dialog max-h-[94dvh] w-[min(46rem,calc(100vw-1rem))] p-4 shadow-xl sm:p-6">
          <Dialog.Title className="font-voice text-xl">{t('problems.title')}</Dialog.Title>
          <Dialog.Description className="mt-1 max-w-prose text-fine text-soft">
            {t('problems.intro')}
          </Dialog.Description>
          <p className="mt-2 max-w-prose text-fine text-soft">{t('problems.columns')}</p>
          {problem && <ProblemNote problem={problem} />}
          {reading === undefined || 'fault' in reading ? (
            <>
              {reading && <FileNote fault={reading.fault} />}
              <div className="mt-4 flex flex-wrap items-center gap-3">
                <button type="button" className="button" onClick={() => fileRef.current?.click()}>
                  {t('problems.choose')}
                </button>
                <label htmlFor={`${id}-paste`} className="text-fine text-soft">
                  {t('problems.paste')}
                </label>
                <input
                  ref={fileRef}
                  type="file"
                  hidden
                  accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json"
                  data-testid="problem-file"
                  onChange={(event) => void open(event.target.files?.[0])}
                />
              </div>
              <textarea
                id={`${id}-paste`}
                className="field mt-2 h-32 w-full bg-raised p-2 font-mono text-xs"
                placeholder={EXAMPLE}
                spellCheck={false}
                value={pasted}
                onChange={(event) => setPasted(event.target.value)}
              />
              <button
                type="button"
                className="button mt-2"
                disabled={pasted.trim() === ''}
                onClick={() => setReading(readProblemFile(pasted))}
              >
                {t('problems.read')}
              </button>
            </>
          ) : (
            <ProblemPreview file={reading} name={name} onName={setName} onKeep={() => void keep()} onDrop={begin} />
          )}
          <KeptSets onUse={onUse} />
          <Dialog.Close className="button mt-5">{t('app.close')}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
