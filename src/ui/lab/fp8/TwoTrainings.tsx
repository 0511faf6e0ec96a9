// The same pretraining twice on this device, in float32 and in FP8: both losses on one plot, and how far apart they end.
import { useTranslation } from 'react-i18next';
import type { StepMetrics } from '../../../protocol/protocol';
import { fp8Pair } from '../../../state/page/fp8';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { useFormat } from '../../format';
import { LogChart, type LogSeries } from '../LogChart';
import { RecordedLosses } from './RecordedLosses';

const FORMS = [
  { name: 'f32', label: 'float32', color: 'run-2', dash: '6 4' },
  { name: 'fp8', label: 'FP8', color: 'accent' },
] as const;
/** Of the last losses: one alone is noise. */
const LAST = 5;

export function TwoTrainings() {
  const { t } = useTranslation();
  const format = useFormat();
  const isReady = useSession((session) => session.status === 'ready');
  const { status, stepsOf, progress, problem } = fp8Pair.usePipeline();
  const isRunning = status === 'running';
  const series = FORMS.map(({ name, ...style }): LogSeries => {
    const line = lossesOf(stepsOf[name]);
    return { line, ...style };
  }).filter(({ line }) => (line?.length ?? 0) > 0);
  const [f32, fp8] = FORMS.map(({ name }) =>
    mean(
      lossesOf(stepsOf[name])
        .slice(-LAST)
        .map(({ y }) => y),
    ),
  );
  const share = (fp8 ?? 0) / (f32 ?? 1) - 1;
  return (
    <section className="min-w-0">
      <h2 className="caps mb-2">{t('fp8.two')}</h2>
      <p className="text-soft">{t('fp8.twoAbout')}</p>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="button button-primary"
          disabled={isRunning || !isReady}
          onClick={() => void fp8Pair.run()}
        >
          {t('fp8.train')}
        </button>
        <span role="status" className="text-fine text-soft">
          {isRunning && (progress ? t(`fp8.${progress.phase}`, { ...progress }) : t('fp8.begun'))}
        </span>
      </div>
      {problem && <ProblemNote problem={problem} />}
      {series.length > 0 && (
        <div className="mt-4" data-testid="two-losses">
          <LogChart title={t('fp8.figure')} xLabel={t('fp8.step')} yLabel={t('fp8.loss')} series={series} />
        </div>
      )}
      {status === 'ended' && (
        <p className="mt-3" data-testid="fp8-ends">
          {t('fp8.ends', {
            f32: format.number(f32 ?? Number.NaN, 3),
            fp8: format.number(fp8 ?? Number.NaN, 3),
            apart: format.percent(Math.abs(share), 1),
            which: t(share > 0 ? 'fp8.above' : 'fp8.below'),
          })}
        </p>
      )}
      <RecordedLosses />
    </section>
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const lossesOf = (steps: readonly StepMetrics[] = []) =>
  steps.flatMap(({ step, metrics: { loss } }) => (loss === undefined ? [] : [{ x: step, y: loss }]));
