// The curves of the open run: six that matter, all on demand, as charts or as a table.
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRun } from '../../state/run';
import { LineChart } from './LineChart';
import { MetricTable } from './MetricTable';
import { CURATED_METRICS, metricNames, seriesOf } from './series';

const isCurated = (name: string): name is (typeof CURATED_METRICS)[number] =>
  CURATED_METRICS.some((curated) => curated === name);

export function CurvesPanel() {
  const { t } = useTranslation();
  const id = useId();
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
  const [smoothing, setSmoothing] = useState(0.7);
  const [isAll, setAll] = useState(false);
  const [isTable, setTable] = useState(false);
  const names = useMemo(() => (isAll ? metricNames(steps) : CURATED_METRICS), [isAll, steps]);
  const series = useMemo(() => names.map((name) => ({ name, series: seriesOf(steps, name) })), [names, steps]);
  if (steps.length === 0) return null;
  return (
    <section aria-label={t('chart.curves')}>
      {isTable ? (
        <MetricTable steps={steps} names={names} />
      ) : (
        <div className="grid grid-cols-2 gap-x-4 gap-y-5 sm:gap-x-8 lg:grid-cols-3">
          {series.map((item) => (
            <LineChart
              key={item.name}
              metric={item.name}
              help={helpOf(item.name)}
              series={item.series}
              smoothing={smoothing}
            />
          ))}
        </div>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-x-5 gap-y-1 text-fine text-soft">
        <button type="button" className="button-plain" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
          {t(isAll ? 'chart.showSix' : 'chart.showAll')}
        </button>
        <button type="button" className="button-plain" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {t(isTable ? 'chart.asCharts' : 'chart.asTable')}
        </button>
        {!isTable && (
          <span className="ml-auto flex items-center gap-2">
            <label htmlFor={id}>{t('chart.smoothing')}</label>
            <input
              id={id}
              type="range"
              className="h-6 w-28"
              min={0}
              max={0.95}
              step={0.05}
              value={smoothing}
              onChange={(event) => setSmoothing(Number(event.target.value))}
            />
            <output className="w-8">{smoothing.toFixed(2)}</output>
          </span>
        )}
      </div>
    </section>
  );
}
