// A reward is learned from the preferences, GRPO climbs it on this device, and then the verifier's; both over KL as they go.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { writeAddress } from '../../../state/address';
import { peakOf } from '../../../state/klCurve';
import { makeStage, stopPipeline, usePipelineDesk } from '../../../state/page/pipelineDesk';
import { usePipelines } from '../../../state/page/pipelines';
import { usePreferenceLab } from '../../../state/page/preferenceLab';
import { loadAnotherModel, useRun } from '../../../state/page/run';
import { useSession } from '../../../state/page/session';
import { FEWEST_PAIRS, preferencePipeline } from '../../../state/preferencePipeline';
import { isTraining as isRunTraining } from '../../../state/runReducer';
import { ProblemNote } from '../../components/ProblemNote';
import { useFormat } from '../../format';
import { useBlockOf } from '../../stages/useBlockOf';
import { KlChart } from './KlChart';
import { useClimb } from './useClimb';

export default function Climb() {
  const { t } = useTranslation();
  const { rater, pairs } = usePreferenceLab();
  const model = useSession((session) => session.model?.name);
  const isMissing = rater === 'you' && pairs.length < FEWEST_PAIRS;
  const pipeline = useMemo(
    () => (model === undefined || isMissing ? undefined : preferencePipeline(model, rater === 'you' ? pairs : rater)),
    [model, rater, pairs, isMissing],
  );
  const { run, learned, verified } = useClimb(pipeline?.name);
  const { pending, problem } = usePipelineDesk();
  const block = useBlockOf(run);
  const isRunning = run?.status === 'running';
  return (
    <section aria-labelledby="rlhf-climb" className="min-w-0 border-t hairline pt-4">
      <h2 id="rlhf-climb" className="font-voice text-lg">
        {t('rlhf.climb')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('rlhf.climbHelp')}</p>
      {!isRunning && <BaseFirst />}
      {isMissing && <p className="mt-2">{t('rlhf.more', { count: FEWEST_PAIRS - pairs.length })}</p>}
      {pipeline && !isRunning && run?.status !== 'finished' && (
        <button
          type="button"
          className="button button-primary mt-3"
          disabled={pending !== undefined || block !== undefined}
          onClick={() => void makeStage(pipeline.name, pipeline.text)}
        >
          {t(run && run.status !== 'new' ? 'rlhf.goOn' : 'rlhf.start')}
        </button>
      )}
      {block && !isRunning && <p className="mt-1 text-fine text-soft">{block}</p>}
      {isRunning && <Progress />}
      {problem && <ProblemNote problem={problem} />}
      {run?.problem && <ProblemNote problem={run.problem} />}
      <KlChart title={t('rlhf.liveTitle')} learned={learned} verified={verified} />
      <Turning learned={learned} />
      {run && (
        <p className="mt-2 text-fine">
          <a href={writeAddress('stages')} className="link inline-block min-h-6">
            {t('rlhf.stages')}
          </a>
        </p>
      )}
    </section>
  );
}

/** The shipped model that is often wrong. */
const BASE = { kind: 'shipped', id: 'base' } as const;

/** A model that is always right has nothing to turn. */
function BaseFirst() {
  const { t } = useTranslation();
  const model = useSession((session) => session.model?.name);
  const isTraining = useRun(isRunTraining);
  if (model === undefined || model === BASE.id) return null;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-fine">
      <span>{t('rlhf.notBase', { model })}</span>
      <button type="button" className="button" disabled={isTraining} onClick={() => void loadAnotherModel(BASE)}>
        {t('rlhf.takeBase')}
      </button>
    </p>
  );
}

function Turning({ learned }: Pick<ReturnType<typeof useClimb>, 'learned'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const [peak, last] = [peakOf(learned), learned.at(-1)];
  if (!peak || !last || learned.length < 4) return null;
  return (
    <p className="mt-2 max-w-prose text-fine" data-testid="rlhf-turning">
      {t('rlhf.turning', {
        peak: format.percent(peak.truth),
        kl: format.number(peak.kl, 2),
        last: format.percent(last.truth),
        lastKl: format.number(last.kl, 2),
        preferred: format.percent(last.preferred ?? 0),
      })}
    </p>
  );
}

function Progress() {
  const { t } = useTranslation();
  const isStopping = usePipelineDesk(({ pending }) => pending === 'stop');
  const progress = usePipelines((state) => state.progress);
  return (
    <p className="mt-3 flex flex-wrap items-center gap-4">
      <span role="status" className="text-fine text-soft">
        {progress
          ? t('rlhf.making', { stage: t(`rlhf.stage.${progress.name}`, progress.name), ...count(progress) })
          : t('rlhf.working')}
      </span>
      <button type="button" className="button" disabled={isStopping} onClick={() => void stopPipeline()}>
        {t('rlhf.stop')}
      </button>
    </p>
  );
}

const count = ({ done, total }: { readonly done: number; readonly total: number }) => ({ done, total });
