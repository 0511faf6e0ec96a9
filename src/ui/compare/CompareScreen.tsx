// The Compare screen: runs laid over one another with one cursor, and the settings in which they differ.
import { Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ComparedRun } from '../../state/comparison';
import { useCompared, useComparison } from '../../state/page/comparison';
import { fetchRecordedRun } from '../../state/page/recordedRun';
import { refreshRuns } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { DEFAULT_SMOOTHING, SmoothingSlider } from '../charts/SmoothingSlider';
import { CURATED_METRICS, drawnMetrics, metricNames } from '../charts/series';
import { ProblemNote } from '../components/ProblemNote';
import { OpenResults, ResultsDrop } from '../elsewhere/OpenResults';
import { lazyPart } from '../i18n/lazyPart';
import { OverlayChart } from './OverlayChart';
import { RunChooser } from './RunChooser';
import { ScalingPanel } from './ScalingPanel';
import { SettingsDifference } from './SettingsDifference';

const CopyComparisonLink = lazyPart('links', () => import('../links/CopyComparisonLink'));

/** What runs are compared by; thinking length is what R1-Zero is known for. */
const METRICS = [...CURATED_METRICS.slice(0, 2), 'eval/mean_thinking_length', ...CURATED_METRICS.slice(2)];

/** More charts than this would hold up the page; more are shown at a press. */
const MORE_CHARTS = 24;

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
  const metrics = useMemo(
    () =>
      drawnMetrics(
        runs.flatMap((run) => run?.steps ?? []),
        METRICS,
      ),
    [runs],
  );
  return (
    <ResultsDrop>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('runs.title')}</h1>
      <p className="mt-1 mb-6 max-w-prose text-soft">{t('runs.intro')}</p>
      <RunChooser />
      <OpenResults />
      {problem && <ProblemNote problem={problem} />}
      {hasRuns && (
        <section aria-label={t('chart.curves')} className="mt-8">
          <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
            {metrics.map((metric) => (
              <OverlayChart key={metric} metric={metric} runs={runs} smoothing={smoothing} />
            ))}
          </div>
          <OtherMetrics runs={runs} smoothing={smoothing} />
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
    </ResultsDrop>
  );
}

interface OtherMetricsProps {
  readonly runs: readonly (ComparedRun | undefined)[];
  readonly smoothing: number;
}

/** Every other metric that any of the runs has, once it is asked for. */
function OtherMetrics({ runs, smoothing }: OtherMetricsProps) {
  const { t } = useTranslation();
  const [count, setCount] = useState(0);
  const others = useMemo(
    () => metricNames(runs.flatMap((run) => run?.steps ?? [])).filter((name) => !METRICS.includes(name)),
    [runs],
  );
  if (others.length === 0) return null;
  return (
    <>
      {count > 0 && (
        <div className="mt-6 grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-3">
          {others.slice(0, count).map((metric) => (
            <OverlayChart key={metric} metric={metric} runs={runs} smoothing={smoothing} />
          ))}
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-x-5">
        {count < others.length && (
          <button type="button" className="link min-h-6 text-fine" onClick={() => setCount(count + MORE_CHARTS)}>
            {t('runs.otherMetrics', { count: others.length - count })}
          </button>
        )}
        {count > 0 && (
          <button type="button" className="link min-h-6 text-fine" onClick={() => setCount(0)}>
            {t('runs.fewMetrics')}
          </button>
        )}
      </div>
    </>
  );
}
