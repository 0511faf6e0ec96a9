// The page's one live region: says phases and outcomes to a screen reader, never tokens or single steps.
import { useTranslation } from 'react-i18next';
import type { Sample } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { usePipelines } from '../../state/page/pipelines';
import { useRun } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { runningPipeline } from '../../state/pipelineReducer';
import { isTraining } from '../../state/runReducer';
import { tallyOf } from '../../state/tally';

export function Announcer() {
  return (
    <div role="status" aria-live="polite" aria-atomic={false} className="sr-only">
      <AskNews />
      <RunNews />
      <PipelineNews />
      <ModelNews />
    </div>
  );
}

function AskNews() {
  const { t } = useTranslation();
  const phase = useAsk((state) => state.pane.phase);
  const samples = useAsk((state) => state.samples);
  const isLive = useAsk((state) => state.origin === 'live');
  if (!isLive || phase === 'idle') return null;
  if (phase === 'thinking') return <p>{t('announce.thinking')}</p>;
  if (phase === 'answering') return <p>{t('announce.answering')}</p>;
  return samples.length > 1 ? <VoteNews samples={samples} /> : <AnswerNews />;
}

function AnswerNews() {
  const { t } = useTranslation();
  // Of the only answer.
  const summary = useAsk((state) => state.samples[0]?.summary);
  if (summary === undefined) return null;
  const { answer, verdict, numTokens: count } = summary;
  if (answer === undefined) return <p>{t('announce.noAnswer', { count })}</p>;
  const judged = verdict === undefined ? '' : t(verdict.correct ? 'ask.correct' : 'ask.wrong');
  return <p>{t('announce.answer', { answer, verdict: judged, count })}</p>;
}

function VoteNews({ samples }: { readonly samples: readonly Sample[] }) {
  const { t } = useTranslation();
  const { rows, pending, numRight } = tallyOf({ samples });
  const count = samples.length;
  if (pending.length > 0) return null;
  const [majority] = rows;
  return (
    <p>
      {t('announce.answers', { count })}{' '}
      {majority && t('announce.majority', { answer: majority.answer, count: majority.samples.length })}{' '}
      {numRight !== undefined && t('ask.shareRight', { right: numRight, count })}
    </p>
  );
}

function RunNews() {
  const { t } = useTranslation();
  const isLive = useRun((state) => state.origin === 'live' && state.run !== undefined);
  const isRunning = useRun(isTraining);
  const phase = useRun((state) => state.phase);
  // Only read when the run is at rest, so that single steps are not announced.
  const step = useRun((state) => (isTraining(state) ? 0 : (state.run?.step ?? 0)));
  if (!isLive) return null;
  if (isRunning) return <p>{t('announce.runStarted')}</p>;
  if (phase === 'paused') return <p>{t('announce.runPaused', { step })}</p>;
  if (phase === 'finished') return <p>{t('announce.runFinished', { step })}</p>;
  return phase === 'failed' ? <p>{t('announce.runFailed', { step })}</p> : null;
}

function PipelineNews() {
  const { t } = useTranslation();
  const name = usePipelines((state) => runningPipeline(state)?.next);
  return name === undefined ? null : <p>{t('announce.workingOn', { name })}</p>;
}

function ModelNews() {
  const { t } = useTranslation();
  const name = useSession((session) => session.model?.name);
  return name === undefined ? null : <p>{t('announce.modelReady', { name })}</p>;
}
