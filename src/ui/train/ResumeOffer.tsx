// The last run that did not end, one press away: on return, and where the open one failed.
import { useTranslation } from 'react-i18next';
import { openRun, useRun, useShelf } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { resumePointOf } from '../../state/resume';
import { isEnded } from '../../state/runReducer';
import { ProblemNote } from '../components/ProblemNote';
import { OwnSettings } from './OwnSettings';

export function ResumeOffer() {
  const { t } = useTranslation();
  const run = useShelf((shelf) => shelf.stored.find((stored) => resumePointOf(stored) !== undefined));
  const point = run && resumePointOf(run);
  const isAtWork = useRun((state) => state.origin === 'live' && !isEnded(state));
  const isLost = useSession((session) => session.problem !== undefined);
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  if (isAtWork || isLost || run === undefined || point === undefined) return null;
  const again = point.step - point.savedStep;
  return (
    <div className="mb-4 border-l-3 border-accent bg-wash px-3 py-3">
      <button type="button" className="button w-full" disabled={isBusy} onClick={() => void openRun(run.id, true)}>
        {t('train.resumeNamed', { name: run.name })}
      </button>
      <p className="mt-1 text-fine text-soft">
        {again > 0
          ? t('train.resumeAgain', { step: point.step, saved: point.savedStep, count: again })
          : t('train.resumeMore', { step: point.step })}
      </p>
      <OwnSettings settings={run.settings} />
    </div>
  );
}

/** That the checkpoint of a run just opened is older than the list had said: the newest one is damaged. */
export function SteppedBack() {
  const { t } = useTranslation();
  const steppedBack = useShelf((shelf) => shelf.steppedBack);
  if (steppedBack === undefined) return null;
  return (
    <p role="alert" className="my-4 max-w-prose border-l-3 border-bad bg-wash px-4 py-3">
      {t('train.steppedBack', steppedBack)}
    </p>
  );
}

/** That the disk is full: the run goes on, and what would be lost. */
export function Unsaved() {
  const { t } = useTranslation();
  const problem = useRun((state) => state.unsaved);
  const saved = useRun((state) => state.savedStep ?? 0);
  if (problem === undefined) return null;
  return (
    <ProblemNote problem={problem}>
      <p className="text-fine">{t('train.unsaved', { saved })}</p>
    </ProblemNote>
  );
}
