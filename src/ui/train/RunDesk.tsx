// What one can do with a run beside training it: name it, note something, link to it, and take it away as files.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../protocol/protocol';
import { metricsCsv, metricsJsonl, rolloutsJsonl } from '../../protocol/runTables';
import { useInspect } from '../../state/page/inspect';
import { useRun } from '../../state/page/run';
import { allowRunCode, describeRun, exportRollouts, exportRun } from '../../state/page/runFiles';
import { useSession } from '../../state/page/session';
import { runTitle } from '../../state/runTitle';
import { MadeElsewhereNote } from '../elsewhere/MadeElsewhereNote';
import { useFormat } from '../format';
import { CodeNote } from '../links/CodeNote';
import CopyRunLink from '../links/CopyRunLink';
import { saveFile } from '../saveFile';

export default function RunDesk() {
  const { t } = useTranslation();
  const run = useRun((state) => state.run);
  const origin = useRun((state) => state.origin);
  if (run === undefined) return null;
  const isKept = origin === 'live' || origin === 'toSee';
  return (
    <>
      {run.madeElsewhere ? (
        <MadeElsewhereNote run={run} />
      ) : (
        origin === 'toSee' && <p className="mt-2 max-w-prose border-l-3 border-accent pl-3">{t('links.toSee')}</p>
      )}
      {isKept && run.codeWaits && (
        <CodeNote
          code={run.settings.config.custom_reward}
          from="file"
          mayRun={false}
          onAllow={() => void allowRunCode(run.id)}
        />
      )}
      {run.note && <p className="mt-2 max-w-prose text-soft wrap-anywhere whitespace-pre-line">{run.note}</p>}
      <details className="mt-1 text-fine">
        <summary className="min-h-7 w-fit py-1 text-soft">{t('links.desk')}</summary>
        <div className="mt-1 mb-4 max-w-prose space-y-3">
          {isKept && <Said key={run.id} run={run} />}
          <Files run={run} isKept={isKept || origin === 'elsewhere'} />
        </div>
      </details>
    </>
  );
}

/** Taken over when one leaves the field. */
function Said({ run }: { readonly run: RunRecord }) {
  const { t } = useTranslation();
  const id = useId();
  const [label, setLabel] = useState(run.label ?? '');
  const [note, setNote] = useState(run.note ?? '');
  const keep = () => {
    if (label !== (run.label ?? '') || note !== (run.note ?? '')) void describeRun(run.id, { label, note });
  };
  return (
    <div className="grid gap-x-6 gap-y-2 sm:grid-cols-[14rem_1fr]">
      <div>
        <label htmlFor={`${id}-label`}>{t('links.label')}</label>
        <input
          id={`${id}-label`}
          className="field"
          maxLength={80}
          placeholder={run.name}
          title={t('links.labelHelp', { name: run.name })}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
          onBlur={keep}
        />
      </div>
      <div>
        <label htmlFor={`${id}-note`}>{t('links.note')}</label>
        <textarea
          id={`${id}-note`}
          className="field"
          rows={2}
          maxLength={4000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onBlur={keep}
        />
      </div>
    </div>
  );
}

/** The model now and before, and the optimizer's two moments. */
const MODELS_IN_FILE = 4;

const fileName = (run: RunRecord) => runTitle(run).replace(/[^\p{L}\p{N}.-]+/gu, '-');

function Files({ run, isKept }: { readonly run: RunRecord; readonly isKept: boolean }) {
  const { t } = useTranslation();
  const steps = useRun((state) => state.steps);
  const isRecorded = useRun((state) => state.origin === 'recorded');
  const name = fileName(run);
  const saveRollouts = async () => {
    const { rollouts } = useInspect.getState();
    const kept = [...rollouts.keys()].sort((a, b) => a - b);
    // Of a recording all that it kept is at hand.
    const file = isRecorded
      ? rolloutsJsonl(kept.flatMap((step) => rollouts.get(step) ?? []))
      : await exportRollouts(run.id);
    if (file !== undefined) saveFile(file, `${name}-rollouts.jsonl`);
  };
  const plain = 'link min-h-6';
  return (
    <>
      {isKept && <SaveRun run={run} />}
      {isRecorded && <p className="text-soft">{t('links.recorded')}</p>}
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="text-soft">{t('links.tables')}</span>
        <button type="button" className={plain} onClick={() => saveFile(metricsCsv(steps), `${name}-metrics.csv`)}>
          {t('links.metricsCsv')}
        </button>
        <button type="button" className={plain} onClick={() => saveFile(metricsJsonl(steps), `${name}-metrics.jsonl`)}>
          {t('links.metricsJsonl')}
        </button>
        {(isKept || isRecorded) && (
          <button type="button" className={plain} onClick={() => void saveRollouts()}>
            {t('links.rolloutsJsonl')}
          </button>
        )}
      </p>
      {!run.madeElsewhere && (
        <div className="flex flex-wrap gap-x-4">
          <CopyRunLink
            settings={run.settings}
            start={run.parents.length === 0 ? run.baseModel : undefined}
            title={t('links.runLinkHelp')}
          />
        </div>
      )}
    </>
  );
}

function SaveRun({ run }: { readonly run: RunRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [withState, setWithState] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const modelBytes = useSession((session) => session.model?.sizeBytes ?? 0);
  const isSaved = useRun((state) => state.origin === 'live');
  const save = async () => {
    setBusy(true);
    const file = await exportRun(run.id, withState && isSaved);
    setBusy(false);
    if (file) saveFile(file, `${fileName(run)}.soliloquy.zip`);
  };
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <button
        type="button"
        className="button min-h-8"
        disabled={isBusy}
        title={t('links.saveRunHelp')}
        onClick={() => void save()}
      >
        {t('links.saveRun')}
      </button>
      {isSaved && (
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={withState} onChange={(event) => setWithState(event.target.checked)} />
          {t('links.withState', { bytes: format.bytes(MODELS_IN_FILE * modelBytes) })}
        </label>
      )}
    </p>
  );
}
