// The Train screen: settings and controls on the left; the run's story, curves, rollouts and comparison on the right.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../state/preferences';
import { draftSettings, openRun, playRecordedRun, refreshRuns, useRun, useShelf } from '../../state/run';
import { useSession } from '../../state/session';
import type { StoredRun } from '../../worker/protocol';
import { NoWebGpu } from '../app/NoWebGpu';
import { CurvesPanel } from '../charts/CurvesPanel';
import { BeforeAfterPanel } from '../compare/BeforeAfterPanel';
import { ProblemNote } from '../components/ProblemNote';
import { StorageNote } from '../components/StorageNote';
import { RolloutsPanel } from '../rollouts/RolloutsPanel';
import { FailingReward } from './CustomReward';
import { Elsewhere } from './Elsewhere';
import { RunControls } from './RunControls';
import { RunHead } from './RunHead';
import { RunList } from './RunList';
import { SettingsForm } from './SettingsForm';

export default function TrainScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const engineProblem = useSession((session) => session.problem);
  const catalogue = useSession((session) => session.catalogue);
  const stored = usePreferences((preferences) => preferences.draft);
  const failure = useRun((state) => state.problem);
  const refusal = useShelf((shelf) => shelf.problem);
  useEffect(() => {
    if (status !== 'ready') return;
    const refresh = () => {
      if (!document.hidden) void refreshRuns();
    };
    refresh();
    // Meanwhile another tab may have taken a run, or given one back.
    document.addEventListener('visibilitychange', refresh);
    return () => document.removeEventListener('visibilitychange', refresh);
  }, [status]);
  useEffect(() => {
    if (useRun.getState().origin === 'none') void playRecordedRun();
  }, []);
  const draft = catalogue && draftSettings(catalogue, stored);
  return (
    <div className="grid gap-x-11 gap-y-6 md:grid-cols-[16.25rem_minmax(0,1fr)] md:grid-rows-[auto_1fr]">
      <div className="order-2 md:order-1">
        {draft && (
          <>
            <ResumeOffer />
            <RunControls draft={draft} />
            <StorageNote />
          </>
        )}
        {status === 'opening' && <p className="text-soft">{t('model.opening')}</p>}
      </div>
      <div className="order-1 min-w-0 md:order-2">
        <RunHead />
        <Elsewhere />
        <FailingReward />
        {[failure, refusal].map(
          (problem) => problem && problem !== engineProblem && <ProblemNote key={problem.name} problem={problem} />,
        )}
      </div>
      <div className="order-4 md:order-3">{draft && <SettingsForm catalogue={catalogue} draft={draft} />}</div>
      <div className="order-3 min-w-0 md:order-4">
        <CurvesPanel />
        <RolloutsPanel />
        <BeforeAfterPanel />
        {status === 'ready' && <RunList />}
        {status === 'unavailable' && <NoWebGpu />}
      </div>
    </div>
  );
}

const canResume = ({ status, isElsewhere }: StoredRun) => !isElsewhere && (status === 'running' || status === 'paused');

/** On return: the last run that was not finished, one press away. */
function ResumeOffer() {
  const { t } = useTranslation();
  const run = useShelf((shelf) => shelf.stored.find(canResume));
  const hasRun = useRun((state) => state.origin === 'live' && state.run !== undefined);
  const isBusy = useShelf((shelf) => shelf.pending !== undefined);
  if (hasRun || run === undefined || run.step === 0) return null;
  return (
    <div className="mb-4 border-l-3 border-accent bg-wash px-3 py-3">
      <button type="button" className="button w-full" disabled={isBusy} onClick={() => void openRun(run.id, true)}>
        {t('train.resumeNamed', { name: run.name })}
      </button>
      <p className="mt-1 text-fine text-soft">{t('train.resumeMore', { step: run.step })}</p>
    </div>
  );
}
