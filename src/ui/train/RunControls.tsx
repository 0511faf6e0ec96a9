// Start, pause, resume, step, stop: whichever the run's state allows; and what is on its way.
import { useTranslation } from 'react-i18next';
import type { RunSettings } from '../../protocol/protocol';
import { pauseRun, resumeRun, stopRun, useRun, useShelf } from '../../state/page/run';
import { startRun, stepRun } from '../../state/page/startRun';
import { isOpenRun, isTraining } from '../../state/runReducer';
import { OwnSettings } from './OwnSettings';
import { StartPoint } from './StartPoint';

export function RunControls({ draft }: { readonly draft: RunSettings }) {
  const { t } = useTranslation();
  const isOpen = useRun(isOpenRun);
  const isRunning = useRun(isTraining);
  const run = useRun((state) => (isOpenRun(state) ? state.run : undefined));
  const pending = useShelf((shelf) => shelf.pending);
  const isBusy = pending !== undefined;
  const isChanged = run !== undefined && !isSameSettings(run.settings, draft);
  const main = isRunning
    ? { text: pending === 'pause' ? t('train.pausing') : t('train.pause'), act: pauseRun }
    : isOpen
      ? { text: t('train.resume'), act: resumeRun }
      : { text: t(pending === 'try' ? 'train.trying' : 'train.start'), act: () => startRun(draft) };
  return (
    <div>
      <button
        type="button"
        className="button button-primary w-full"
        disabled={isBusy}
        onClick={() => void main.act()}
        {...(isOpen && { 'aria-keyshortcuts': 'P' })}
      >
        {main.text}
      </button>
      <div className="mt-2 flex gap-2">
        <button
          type="button"
          className="button flex-1"
          disabled={isBusy || isRunning}
          title={t('train.stepHelp')}
          aria-keyshortcuts="."
          onClick={() => void stepRun(draft)}
        >
          {t('train.step')}
        </button>
        <button type="button" className="button flex-1" disabled={isBusy || !isOpen} onClick={() => void stopRun()}>
          {t(pending === 'stop' ? 'train.stopping' : 'train.stop')}
        </button>
      </div>
      {run && !isRunning && <OwnSettings settings={run.settings} />}
      {isChanged && run && (
        <div className="mt-3 border-l-3 border-accent bg-wash px-3 py-2 text-fine">
          <p>{t('train.changed', { name: run.name })}</p>
          <button
            type="button"
            className="button mt-2 min-h-8 text-fine"
            disabled={isBusy || isRunning}
            onClick={() => void startRun(draft)}
          >
            {t('train.changedStart')}
          </button>
        </div>
      )}
      {!isRunning && (!isOpen || isChanged) && <StartPoint />}
    </div>
  );
}

/** Plain data in the schema's key order on both sides, except the dials, whose order is the task's. */
function isSameSettings(a: RunSettings, b: RunSettings): boolean {
  const canonical = (settings: RunSettings) =>
    JSON.stringify([
      settings.task,
      settings.preset,
      settings.evalProblems,
      settings.evalEvery,
      settings.checkpointEvery,
      Object.entries(settings.difficulty).sort(([x], [y]) => x.localeCompare(y)),
      Object.entries(settings.config).sort(([x], [y]) => x.localeCompare(y)),
    ]);
  return canonical(a) === canonical(b);
}
