// The Train screen: settings and controls on the left; the run's story, curves, rollouts and comparison on the right.
import { Suspense, startTransition, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { draftSettings } from '../../state/draft';
import { usePreferences } from '../../state/page/preferences';
import { playRecordedRun } from '../../state/page/recordedRun';
import { refreshRuns, useRun, useShelf } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { NoDevice } from '../app/NoDevice';
import { CurvesPanel } from '../charts/CurvesPanel';
import { BeforeAfterPanel } from '../compare/BeforeAfterPanel';
import { ProblemNote } from '../components/ProblemNote';
import { StorageNote } from '../components/StorageNote';
import { lazyPart } from '../i18n/lazyPart';
import { RolloutsPanel } from '../rollouts/RolloutsPanel';
import { AllOptions } from './AllOptions';
import { FailingReward } from './CustomReward';
import { Elsewhere } from './Elsewhere';
import { GoBack } from './GoBack';
import { ResumeOffer, SteppedBack, Unsaved } from './ResumeOffer';
import { RunControls } from './RunControls';
import { RunHead } from './RunHead';
import { RunList } from './RunList';
import { SettingsForm } from './SettingsForm';
import { StartDoubt } from './StartDoubt';

/** Settings in a column of their own, as high as all that stands beside them. */
const BESIDE =
  'sm:grid-cols-[13.5rem_minmax(0,1fr)] sm:grid-rows-[auto_auto_1fr] md:grid-cols-[16.25rem_minmax(0,1fr)]';

export default function TrainScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const catalogue = useSession((session) => session.catalogue);
  const stored = usePreferences((preferences) => preferences.draft);
  useFreshRuns(status === 'ready');
  useEffect(() => {
    if (useRun.getState().origin === 'none') void playRecordedRun();
  }, []);
  const draft = catalogue && draftSettings(catalogue, stored);
  // Without an engine there is nothing to set.
  const isAlone = status === 'unavailable';
  const column = isAlone ? '' : 'sm:col-start-2';
  const furtherId = useId();
  const [isFurtherOpen, setFurtherOpen] = useState(false);
  // Some thirty fields: drawn in slices, so that the page stays at hand.
  const toggleFurther = () => startTransition(() => setFurtherOpen((isOpen) => !isOpen));
  return (
    <div className={`grid gap-x-8 gap-y-6 md:gap-x-11 ${isAlone ? '' : BESIDE}`}>
      {/* On a narrow screen its parts stand apart: the controls over the curves, the settings under them. */}
      <div className="contents sm:col-start-1 sm:row-span-3 sm:row-start-1 sm:block">
        <div className="order-2 sm:mb-8">
          {status === 'opening' && <p className="text-soft">{t('model.opening')}</p>}
          {draft && (
            <>
              <ResumeOffer />
              <RunControls draft={draft} />
              <StorageNote />
            </>
          )}
        </div>
        {draft && (
          <div className="order-4">
            <SettingsForm
              catalogue={catalogue}
              draft={draft}
              isFurtherOpen={isFurtherOpen}
              furtherId={furtherId}
              onFurther={toggleFurther}
            />
          </div>
        )}
      </div>
      <div className={`order-1 min-w-0 sm:row-start-1 ${column}`}>
        {isAlone && (
          <div className="-mt-8 mb-8">
            <NoDevice />
          </div>
        )}
        <RunHead />
        <Elsewhere />
        <FailingReward />
        <SteppedBack />
        <Unsaved />
        <RunProblems />
      </div>
      {draft && isFurtherOpen && (
        <div className={`order-5 min-w-0 sm:row-start-2 ${column}`}>
          <AllOptions id={furtherId} draft={draft} onClose={toggleFurther} />
        </div>
      )}
      <div className={`order-3 min-w-0 sm:row-start-3 ${column}`}>
        <CurvesPanel />
        <RolloutsPanel />
        <BeforeAfterPanel />
        <RunJob />
        {status === 'ready' && <RunList />}
      </div>
      <StartDoubt />
    </div>
  );
}

const ContinueAtScale = lazyPart('export', () => import('../export/ContinueAtScale'));

/** The run as a job that goes on elsewhere, where it is kept here. */
function RunJob() {
  const run = useRun((state) => state.run);
  const isKept = useRun((state) => state.origin === 'live' || state.origin === 'elsewhere');
  if (run === undefined || !isKept) return null;
  return (
    <Suspense fallback={null}>
      <ContinueAtScale key={run.id} source={{ kind: 'run', runId: run.id }} name={run.name} />
    </Suspense>
  );
}

/** The stored runs, read again whenever the page is looked at: another tab may have taken one, or given one back. */
function useFreshRuns(isReady: boolean): void {
  useEffect(() => {
    if (!isReady) return;
    const refresh = () => {
      if (!document.hidden) void refreshRuns();
    };
    refresh();
    document.addEventListener('visibilitychange', refresh);
    return () => document.removeEventListener('visibilitychange', refresh);
  }, [isReady]);
}

/** Why the run failed, and why the last command was refused; not what every screen says of the engine. */
function RunProblems() {
  const engineProblem = useSession((session) => session.problem);
  const failure = useRun((state) => state.problem);
  const refusal = useShelf((shelf) => shelf.problem);
  return (
    <>
      {failure && failure.userMessage !== engineProblem?.userMessage && (
        <ProblemNote problem={failure}>
          <GoBack />
        </ProblemNote>
      )}
      {refusal && refusal.userMessage !== engineProblem?.userMessage && <ProblemNote problem={refusal} />}
    </>
  );
}
