// The Train screen: settings and controls on the left; the run's story, curves, rollouts and comparison on the right.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../state/preferences';
import { draftSettings, playRecordedRun, refreshRuns, useRun, useShelf } from '../../state/run';
import { useSession } from '../../state/session';
import { NoWebGpu } from '../app/NoWebGpu';
import { CurvesPanel } from '../charts/CurvesPanel';
import { BeforeAfterPanel } from '../compare/BeforeAfterPanel';
import { ProblemNote } from '../components/ProblemNote';
import { StorageNote } from '../components/StorageNote';
import { RolloutsPanel } from '../rollouts/RolloutsPanel';
import { FailingReward } from './CustomReward';
import { Elsewhere } from './Elsewhere';
import { ResumeOffer, SteppedBack, Unsaved } from './ResumeOffer';
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
        <SteppedBack />
        <Unsaved />
        {[failure, refusal].map(
          (problem) =>
            problem &&
            problem.userMessage !== engineProblem?.userMessage && <ProblemNote key={problem.name} problem={problem} />,
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
