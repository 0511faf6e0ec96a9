// Supervised fine-tuning on the thoughts that came out right, and what the model answers right before and after it.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { overlap, wilsonInterval } from '../../../lib/wilson';
import type { PipelineRun } from '../../../protocol/protocol';
import { learnable } from '../../../state/chats';
import { chatsPipeline, LEARNED } from '../../../state/learnFromChats';
import { useChats } from '../../../state/page/chats';
import {
  choosePipeline,
  loadCheckpoint,
  makeStage,
  stopPipeline,
  usePipelineDesk,
} from '../../../state/page/pipelineDesk';
import { usePipelines } from '../../../state/page/pipelines';
import { useSession } from '../../../state/page/session';
import { goTo } from '../../app/screens';
import { knownOfCard } from '../../ask/knowledge';
import { useShareText } from '../../components/MeasuredShare';
import { ProblemNote } from '../../components/ProblemNote';
import { useBlockOf } from '../../stages/useBlockOf';
import { useTaskNames } from '../../taskNames';

export default function LearnFromChats() {
  const { t } = useTranslation();
  const chats = useChats((state) => state.chats);
  const model = useSession((session) => session.model);
  const right = learnable(chats);
  const pipeline = useMemo(() => {
    if (model === undefined || right.length === 0) return undefined;
    const known = knownOfCard(model.readme ?? '');
    return chatsPipeline(right, model.name, (name) => known.find(({ task }) => task === name)?.difficulty ?? {});
  }, [right, model]);
  const run = usePipelines(({ runs }) => (pipeline ? runs[pipeline.name] : undefined));
  const last = usePipelines(({ runs }) => lastOf(Object.values(runs)));
  const { pending, problem } = usePipelineDesk();
  const block = useBlockOf(run);
  const shown = run ?? last;
  return (
    <section aria-labelledby="chats-learn">
      <h2 id="chats-learn" className="font-voice text-xl">
        {t('chats.learnTitle')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">{t('chats.learnIntro')}</p>
      {right.length === 0 && <p className="mt-3">{t('chats.nothingRight')}</p>}
      {right.some(({ question }) => question === '') && (
        <p className="mt-3 max-w-prose text-fine text-bad">{t('chats.unasked')}</p>
      )}
      {model === undefined && <p className="mt-3 text-soft">{t('chats.noModel')}</p>}
      {pipeline && model && run?.status !== 'running' && run?.status !== 'finished' && (
        <>
          <button
            type="button"
            className="button button-primary mt-3"
            disabled={pending !== undefined || block !== undefined}
            onClick={() => void makeStage(pipeline.name, pipeline.text, LEARNED)}
          >
            {run && run.status !== 'new'
              ? t('chats.goOn')
              : t('chats.learn', { count: right.length, model: model.name })}
          </button>
          <p className="mt-1 text-fine text-soft">{block ?? t('chats.steps', { count: pipeline.steps })}</p>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      {shown && <Learning run={shown} />}
    </section>
  );
}

/** The newest of those that were finished here: what was kept may have changed since. */
const lastOf = (runs: readonly PipelineRun[]): PipelineRun | undefined =>
  runs.findLast(({ pipeline, status }) => pipeline.name.startsWith('chats-') && status === 'finished');

function Learning({ run }: { readonly run: PipelineRun }) {
  const { t } = useTranslation();
  const tasks = useTaskNames();
  const { pipeline, done, status, problem } = run;
  const [input] = pipeline.inputs;
  const before = done.find(({ name }) => name === input)?.evaluation;
  const after = done.find(({ name }) => name === LEARNED)?.evaluation;
  return (
    <div className="mt-4" data-testid="learned">
      {status === 'running' && <Progress run={run} />}
      {problem && <ProblemNote problem={problem} />}
      {before && (
        <>
          <dl className="mt-3 grid max-w-md grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
            <Share label={t('chats.before')} of={before} />
            {after && <Share label={t('chats.after')} of={after} isAfter />}
          </dl>
          {after && <p className="mt-2 max-w-prose text-fine">{t(`chats.${compared(before, after)}`)}</p>}
          <p className="mt-1 text-fine text-soft">
            {t('chats.measuredOn', { problems: before.problems, task: tasks.task(pipeline.task) })}
          </p>
        </>
      )}
      {after && <AskLearned name={pipeline.name} />}
      <p className="mt-2 text-fine">
        <button
          type="button"
          className="link min-h-6"
          onClick={() => {
            choosePipeline({ chosen: pipeline.name });
            goTo('stages');
          }}
        >
          {t('chats.details')}
        </button>
      </p>
    </div>
  );
}

function AskLearned({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const isLoaded = useSession((session) => session.model?.name === `${name}/${LEARNED}`);
  const isBusy = usePipelineDesk((desk) => desk.pending !== undefined);
  if (isLoaded) {
    return (
      <p className="mt-3 text-fine text-soft">
        {t('chats.loaded')}{' '}
        <a href="#ask" className="link">
          {t('chats.askNow')}
        </a>
      </p>
    );
  }
  return (
    <button type="button" className="button mt-3" disabled={isBusy} onClick={() => void loadCheckpoint(name, LEARNED)}>
      {t('chats.load')}
    </button>
  );
}

function Progress({ run }: { readonly run: PipelineRun }) {
  const { t } = useTranslation();
  const isStopping = usePipelineDesk((desk) => desk.pending === 'stop');
  const progress = usePipelines((state) =>
    state.progress?.pipeline === run.pipeline.name ? state.progress : undefined,
  );
  return (
    <p className="flex flex-wrap items-center gap-4">
      <span role="status" className="text-fine text-soft">
        {progress ? t(`chats.${progress.phase}`, { ...progress }) : t('chats.working')}
      </span>
      <button type="button" className="button" disabled={isStopping} onClick={() => void stopPipeline()}>
        {t('chats.stop')}
      </button>
    </p>
  );
}

interface Measurement {
  readonly accuracy: number;
  readonly problems: number;
}

/** A share as a bar with its interval, and in words. */
function Share({
  label,
  of,
  isAfter = false,
}: {
  readonly label: string;
  readonly of: Measurement;
  readonly isAfter?: boolean;
}) {
  const write = useShareText();
  return (
    <>
      <dt className="text-fine text-soft">{label}</dt>
      <dd className="min-w-0">
        <span aria-hidden className="block h-2 rounded-full bg-line">
          <span
            className={`block h-full rounded-full ${isAfter ? 'bg-accent' : 'bg-edge'}`}
            style={{ width: `${of.accuracy * 100}%` }}
          />
        </span>
        <span className="text-fine">{write(of.accuracy, of.problems, true)}</span>
      </dd>
    </>
  );
}

/** Whether the intervals of the two lie apart. */
function compared(before: Measurement, after: Measurement): 'same' | 'better' | 'worse' {
  const interval = ({ accuracy, problems }: Measurement) => wilsonInterval(accuracy * problems, problems);
  if (overlap(interval(before), interval(after))) return 'same';
  return after.accuracy > before.accuracy ? 'better' : 'worse';
}
