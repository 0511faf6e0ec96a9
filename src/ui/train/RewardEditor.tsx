// The reader's own reward: its code, what it is given, and what it would say of answers at hand. Nothing runs before a click.
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findRollouts } from '../../state/inspect';
import { useInspect } from '../../state/page/inspect';
import { tryReward } from '../../state/page/rewardBench';
import { useRun } from '../../state/page/run';
import { type CustomSample, type CustomScore, MADE_UP_SAMPLES, samplesOf } from '../../state/rewardBench';
import { type CodeEditor, createCodeEditor } from '../components/codeEditor';
import { Select } from './Field';
import { REWARD_EXAMPLES } from './rewardExamples';

const MOST_SAMPLES = 24;

const FIELDS = [
  { name: 'question', type: 'string' },
  { name: 'expected', type: 'string' },
  { name: 'completion', type: 'string' },
  { name: 'thinking', type: 'string | null' },
  { name: 'answer', type: 'string | null' },
  { name: 'correct', type: 'boolean' },
  { name: 'wellFormed', type: 'boolean' },
  { name: 'cases', type: '{ passed: number, total: number } | null' },
  { name: 'numTokens', type: 'number' },
  { name: 'maxTokens', type: 'number' },
  { name: 'truncated', type: 'boolean' },
] as const satisfies readonly { name: keyof CustomSample; type: string }[];

interface RewardEditorProps {
  readonly code: string;
  readonly onSave: (code: string) => void;
  readonly onClose: () => void;
}

export default function RewardEditor({ code: saved, onSave, onClose }: RewardEditorProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState(saved === '' ? REWARD_EXAMPLES.near : saved);
  const editor = useRef<CodeEditor>(undefined);
  const opened = useRun((state) => state.run);
  const sources: Readonly<Record<string, string>> = {
    ...REWARD_EXAMPLES,
    ...(opened && opened.settings.config.custom_reward !== '' && { run: opened.settings.config.custom_reward }),
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-veil" />
        <Dialog.Popup className="dialog max-h-[94dvh] w-[min(52rem,calc(100vw-1rem))] p-4 shadow-xl sm:p-6">
          <Dialog.Title className="font-voice text-xl">{t('rewardEditor.title')}</Dialog.Title>
          <Dialog.Description className="mt-1 max-w-prose text-fine text-soft">
            {t('rewardEditor.intro')}
          </Dialog.Description>
          <div className="my-3 sm:w-80">
            <label htmlFor="reward-example" className="text-fine text-soft">
              {t('rewardEditor.start')}
            </label>
            <Select
              id="reward-example"
              value=""
              choices={[
                { value: '', text: t('rewardEditor.choose') },
                ...Object.keys(sources).map((name) => ({
                  value: name,
                  text:
                    name === 'run'
                      ? t('rewardEditor.ofRun', { name: opened?.name })
                      : t(`rewardEditor.examples.${name as keyof typeof REWARD_EXAMPLES}`),
                })),
              ]}
              onChange={(name) => editor.current?.setText(sources[name] ?? code)}
            />
          </div>
          <Editor initial={code} label={t('rewardEditor.code')} handle={editor} onChange={setCode} />
          <details className="mt-3 text-fine">
            <summary className="min-h-6 text-soft">{t('rewardEditor.fields')}</summary>
            <dl className="mt-1">
              {FIELDS.map(({ name, type }) => (
                <div key={name} className="border-b border-dotted border-line py-1 sm:flex sm:gap-3">
                  <dt className="font-mono sm:w-72 sm:shrink-0">
                    {name}: <span className="text-soft">{type}</span>
                  </dt>
                  <dd className="text-soft">{t(`rewardEditor.field.${name}`)}</dd>
                </div>
              ))}
            </dl>
          </details>
          <Bench code={code} />
          <div className="mt-5 flex flex-wrap gap-2">
            <button
              type="button"
              className="button button-primary"
              disabled={code.trim() === ''}
              onClick={() => onSave(code)}
            >
              {t('rewardEditor.use')}
            </button>
            <Dialog.Close className="button">{t('app.close')}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface EditorProps {
  readonly initial: string;
  readonly label: string;
  readonly handle: React.RefObject<CodeEditor | undefined>;
  readonly onChange: (code: string) => void;
}

function Editor({ initial, label, handle, onChange }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const first = useRef(initial);
  useEffect(() => {
    if (host.current === null) return;
    const editor = createCodeEditor(host.current, { text: first.current, label, fields: FIELDS, onChange });
    handle.current = editor;
    return () => editor.destroy();
  }, [label, handle, onChange]);
  return <div ref={host} data-testid="reward-code" className="rounded border border-edge" />;
}

/** What the code says of the latest answers of the run, or of made-up ones before there is a run. */
function Bench({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<{ samples: readonly CustomSample[]; scores: readonly CustomScore[] }>();
  const [problem, setProblem] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const rollouts = useInspect((state) => state.rollouts);
  const run = useRun((state) => state.run);
  const groups = findRollouts(rollouts, Number.POSITIVE_INFINITY) ?? [];
  const samples =
    run && groups.length > 0
      ? samplesOf(groups, run.settings.config.max_completion_length, MOST_SAMPLES)
      : MADE_UP_SAMPLES;
  const start = async () => {
    setRunning(true);
    try {
      setOutcome({ samples, scores: await tryReward(code, samples) });
      setProblem(undefined);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setRunning(false);
  };
  return (
    <section aria-label={t('rewardEditor.bench')} className="mt-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-fine text-soft">
        <button type="button" className="button" disabled={isRunning} onClick={() => void start()}>
          {t('rewardEditor.try', { count: samples.length })}
        </button>
        <span>{samples === MADE_UP_SAMPLES ? t('rewardEditor.madeUp') : t('rewardEditor.ofLatest')}</span>
      </div>
      <div role="status">
        {problem && <p className="mt-2 text-bad">{problem}</p>}
        {outcome && (
          <ul className="mt-2" aria-label={t('rewardEditor.results')}>
            {[...outcome.samples.entries()].map(([index, sample]) => (
              <Row key={index} sample={sample} score={outcome.scores[index]} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Row({ sample, score }: { readonly sample: CustomSample; readonly score: CustomScore | undefined }) {
  const { t } = useTranslation();
  return (
    <li className="border-b border-dotted border-line py-1.5 text-fine sm:grid sm:grid-cols-[minmax(0,1fr)_14rem] sm:gap-4">
      <span className="block min-w-0 truncate font-mono" title={sample.completion}>
        <span className="text-soft">{sample.question}</span> {sample.completion}
      </span>
      {score && 'error' in score ? (
        <span className="text-bad">
          {score.error.message}
          {score.error.line !== undefined && ` (${t('rewardEditor.line', { line: score.error.line })})`}
        </span>
      ) : (
        <span className="font-semibold">
          {score?.score == null ? t('rollouts.notApplicable') : Number(score.score.toFixed(4))}
        </span>
      )}
    </li>
  );
}
