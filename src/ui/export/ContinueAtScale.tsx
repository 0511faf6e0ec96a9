// A run or a pipeline as a job that goes on elsewhere: what trains it, with how many problems, from which model; then a zip.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobRequest, JobSource } from '../../protocol/jobs';
import type { DescribedError } from '../../protocol/protocol';
import { exportJob } from '../../state/page/jobs';
import { ProblemNote } from '../components/ProblemNote';
import { useFormat } from '../format';
import { saveFile } from '../saveFile';

type Target = JobRequest['target'];
const TARGETS: readonly Target[] = ['trl', 'ray', 'verl'];
/** veRL does reinforcement learning alone. */
const targetsOf = ({ kind }: JobSource) => (kind === 'pipeline' ? TARGETS.filter((one) => one !== 'verl') : TARGETS);
const MAX_PROBLEMS = 1_000_000;
const fileName = (name: string, target: Target) =>
  `${name.replace(/[^\p{L}\p{N}-]+/gu, '-').replace(/^-+/, '')}-${target}.zip`;

interface ContinueProps {
  readonly source: JobSource;
  /** What it is called. */
  readonly name: string;
}

export default function ContinueAtScale({ source, name }: ContinueProps) {
  const { t } = useTranslation();
  return (
    <details className="mt-8 border-t hairline pt-3" data-testid="continue-at-scale">
      <summary className="min-h-7 w-fit py-1 font-voice text-lg">{t('export.title')}</summary>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('export.intro')}</p>
      <JobForm source={source} name={name} />
    </details>
  );
}

function JobForm({ source, name }: ContinueProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [target, setTarget] = useState<Target>('trl');
  const [problems, setProblems] = useState('');
  const [isHub, setHub] = useState(false);
  const [model, setModel] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly made?: string; readonly problem?: DescribedError }>({});
  const make = async () => {
    setBusy(true);
    setSaid({});
    const request: JobRequest = {
      target,
      ...(problems !== '' && { problems: Number(problems) }),
      ...(isHub && { model: model.trim() }),
    };
    const result = await exportJob(source, request);
    setBusy(false);
    if (!result.ok) return setSaid({ problem: result.error });
    const file = fileName(name, target);
    saveFile(result.value, file);
    setSaid({ made: t('export.made', { file, size: format.bytes(result.value.size) }) });
  };
  return (
    <form
      className="mt-3 grid max-w-prose gap-3 text-fine"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <label className="grid gap-1 sm:grid-cols-[10rem_1fr] sm:items-center">
        {t('export.target')}
        <select className="field" value={target} onChange={(event) => setTarget(event.target.value as Target)}>
          {targetsOf(source).map((one) => (
            <option key={one} value={one}>
              {t(`export.targets.${one}`)}
            </option>
          ))}
        </select>
      </label>
      {target === 'verl' && <p className="text-soft">{t('export.verlNote')}</p>}
      <label className="grid gap-1 sm:grid-cols-[10rem_1fr] sm:items-center">
        {t('export.problems')}
        <input
          className="field"
          type="number"
          min={1}
          max={MAX_PROBLEMS}
          step={1}
          value={problems}
          aria-describedby={`${id}-problems`}
          onChange={(event) => setProblems(event.target.value)}
        />
      </label>
      <p id={`${id}-problems`} className="text-soft">
        {t('export.problemsHelp')}
      </p>
      <label className="grid gap-1 sm:grid-cols-[10rem_1fr] sm:items-center">
        {t('export.base')}
        <select
          className="field"
          value={isHub ? 'hub' : 'own'}
          onChange={(event) => setHub(event.target.value === 'hub')}
        >
          <option value="own">{t('export.ownModel')}</option>
          <option value="hub">{t('export.hubModel')}</option>
        </select>
      </label>
      {isHub && (
        <>
          <label className="grid gap-1 sm:grid-cols-[10rem_1fr] sm:items-center">
            {t('export.hubName')}
            <input
              className="field"
              required
              placeholder="Qwen/Qwen3-0.6B"
              spellCheck={false}
              value={model}
              aria-describedby={`${id}-hub`}
              onChange={(event) => setModel(event.target.value)}
            />
          </label>
          <p id={`${id}-hub`} className="text-soft">
            {t('export.hubHelp')}
          </p>
        </>
      )}
      <p>
        <button type="submit" className="button min-h-8" disabled={isBusy}>
          {isBusy ? t('export.making') : t('export.make')}
        </button>
      </p>
      {said.problem && <ProblemNote problem={said.problem} />}
      <p role="status">{said.made}</p>
    </form>
  );
}
