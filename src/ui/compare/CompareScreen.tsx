// The Compare screen: runs laid over one another with one cursor, and the settings in which they differ.
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCompared, useComparison } from '../../state/page/comparison';
import { fetchRecordedRun } from '../../state/page/recordedRun';
import { refreshRuns } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { DEFAULT_SMOOTHING, SmoothingSlider } from '../charts/SmoothingSlider';
import { CURATED_METRICS } from '../charts/series';
import { ProblemNote } from '../components/ProblemNote';
import { lazyPart } from '../i18n/lazyPart';
import { OverlayChart } from './OverlayChart';
import { RunChooser } from './RunChooser';
import { ScalingPanel } from './ScalingPanel';
import { SettingsDifference } from './SettingsDifference';

const CopyComparisonLink = lazyPart('links', () => import('../links/CopyComparisonLink'));

/** What runs are compared by; thinking length is what R1-Zero is known for. */
const METRICS = [...CURATED_METRICS.slice(0, 2), 'eval/mean_thinking_length', ...CURATED_METRICS.slice(2)];

export default function CompareScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const problem = useComparison((state) => state.problem);
  const runs = useCompared();
  const [smoothing, setSmoothing] = useState(DEFAULT_SMOOTHING);
  useEffect(() => {
    void fetchRecordedRun();
    if (status === 'ready') void refreshRuns();
  }, [status]);
  const hasRuns = runs.some((run) => run !== undefined);
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('runs.title')}</h1>
      <p className="mt-1 mb-6 max-w-prose text-soft">{t('runs.intro')}</p>
      <RunChooser />
      {problem && <ProblemNote problem={problem} />}
      {hasRuns && (
        <section aria-label={t('chart.curves')} className="mt-8">
          <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
            {METRICS.map((metric) => (
              <OverlayChart key={metric} metric={metric} runs={runs} smoothing={smoothing} />
            ))}
          </div>
          <div className="mt-3 flex flex-wrap items-center gap-x-6 gap-y-1">
            <SmoothingSlider value={smoothing} onChange={setSmoothing} />
            <Suspense>
              <CopyComparisonLink />
            </Suspense>
          </div>
        </section>
      )}
      <SettingsDifference runs={runs} />
      <ScalingPanel />
    </>
  );
}
