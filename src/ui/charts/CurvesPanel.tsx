// The curves of the open run: those that matter, all on demand, as charts or as a table.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRun } from '../../state/page/run';
import { useGrowing } from '../components/turns';
import { LineChart } from './LineChart';
import { MetricTable } from './MetricTable';
import { PAIRS, PairChart } from './PairChart';
import { DEFAULT_SMOOTHING, SmoothingSlider } from './SmoothingSlider';
import { CURATED_METRICS, drawnMetrics, metricNames } from './series';

const isCurated = (name: string): name is (typeof CURATED_METRICS)[number] =>
  CURATED_METRICS.some((curated) => curated === name);
const isPaired = (name: string) => PAIRS.some(({ metrics }) => metrics.includes(name));

/** Charts that are made in one turn. */
const FURTHER_AT_ONCE = 3;

const SINGLES = 'grid grid-cols-2 gap-x-3 gap-y-5 sm:gap-x-8 lg:grid-cols-3';

export function CurvesPanel() {
  const { t } = useTranslation();
  const steps = useRun((state) => state.steps);
  const renewal = useRun(({ run }) =>
    run?.settings.config.sync_ref_model ? run.settings.config.ref_model_sync_steps : undefined,
  );
  const helpOf = (name: string) => {
    if (!isCurated(name)) return undefined;
    return name === 'kl' && renewal !== undefined
      ? t('metricHelp.klRenewed', { count: renewal })
      : t(`metricHelp.${name}`);
  };
  const [smoothing, setSmoothing] = useState(DEFAULT_SMOOTHING);
  const [isAll, setAll] = useState(false);
  const [isTable, setTable] = useState(false);
  const allNames = isAll ? metricNames(steps).join('\n') : '';
  // The same array while they are the same names.
  const names = useMemo(() => (isAll ? allNames.split('\n') : CURATED_METRICS), [isAll, allNames]);
  const drawnNames = drawnMetrics(steps, names).join('\n');
  const singles = useMemo(() => drawnNames.split('\n').filter((name) => !isPaired(name)), [drawnNames]);
  const curated = singles.filter(isCurated);
  const further = singles.slice(curated.length);
  const numFurther = useGrowing(isAll && !isTable ? further.length : 0, FURTHER_AT_ONCE);
  const pairs = useMemo(
    () =>
      PAIRS.filter((pair) =>
        steps.some(({ metrics }) => pair.metrics.some((metric) => Number.isFinite(metrics[metric]))),
      ),
    [steps],
  );
  if (steps.length === 0) return null;
  const chart = (name: string) => (
    <LineChart key={name} metric={name} help={helpOf(name)} steps={steps} smoothing={smoothing} />
  );
  return (
    <section aria-label={t('chart.curves')}>
      {isTable ? (
        <MetricTable steps={steps} names={names} />
      ) : (
        <>
          <div className={SINGLES}>{curated.map(chart)}</div>
          {pairs.length > 0 && (
            <div className="mt-5 grid gap-x-8 gap-y-5 sm:grid-cols-2">
              {pairs.map((pair) => (
                <PairChart key={pair.name} pair={pair} steps={steps} smoothing={smoothing} />
              ))}
            </div>
          )}
          {isAll && <div className={`${SINGLES} mt-5`}>{further.slice(0, numFurther).map(chart)}</div>}
        </>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-x-5 gap-y-1 text-fine text-soft">
        <button type="button" className="button-plain" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
          {t(isAll ? 'chart.showFew' : 'chart.showAll')}
        </button>
        <button type="button" className="button-plain" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {t(isTable ? 'chart.asCharts' : 'chart.asTable')}
        </button>
        {!isTable && (
          <div className="ml-auto">
            <SmoothingSlider value={smoothing} onChange={setSmoothing} />
          </div>
        )}
      </div>
    </section>
  );
}
