// The Ask screen: the question, the thinking beside the answer, the tokens they are made of, and the box to ask in.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { playRecordedAnswer, recordedAnswer, useAsk } from '../../state/ask';
import { isAnswering, shownSample } from '../../state/askReducer';
import { useSession } from '../../state/session';
import type { AskRequest } from '../../worker/protocol';
import { NoWebGpu } from '../app/NoWebGpu';
import { Badge } from '../components/Badge';
import { Maths } from '../components/Maths';
import { ProblemNote } from '../components/ProblemNote';
import { AnswerPane } from './AnswerPane';
import { AskFooter } from './AskFooter';
import { AskForm } from './AskForm';
import { Tally } from './Tally';
import { ThinkingPane } from './ThinkingPane';
import { TokenStrip } from './TokenStrip';

export default function AskScreen() {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const engineProblem = useSession((session) => session.problem);
  const modelProblem = useSession((session) => session.modelProblem);
  const request = useAsk((state) => state.request);
  const origin = useAsk((state) => state.origin);
  const problem = useAsk((state) => state.problem);
  const isRunning = useAsk(isAnswering);
  const numTokens = useAsk((state) => shownSample(state).tokens.length);
  useEffect(() => {
    if (useAsk.getState().request === undefined) void playRecordedAnswer();
  }, []);
  const madeBy = origin === 'recorded' ? recordedAnswer()?.madeBy : undefined;
  return (
    <>
      <div className="mb-6 text-center md:mb-8">
        <h1 className="font-voice text-3xl leading-tight italic sm:text-[2.5rem]">
          {request?.question ? <Maths text={request.question} /> : t('ask.invitation')}
        </h1>
        <p className="mt-2 flex min-h-6 flex-wrap items-center justify-center gap-x-3 text-fine text-soft">
          {!request && t('ask.invitationMore')}
          {request && madeBy && (
            <>
              <Badge>{t('app.recorded')}</Badge>
              {t('app.recordedBy', { ...madeBy, date: madeBy.at.slice(0, 10) })}
            </>
          )}
          {request && !madeBy && (
            <>
              <span>{t('ask.seedIs', { seed: request.seed })}</span>
              <span>{t('ask.temperatureIs', { temperature: request.temperature })}</span>
              <HowAsked request={request} />
            </>
          )}
        </p>
      </div>
      <div className="grid border-y hairline md:grid-cols-2">
        <ThinkingPane />
        <AnswerPane />
      </div>
      <Tally />
      <AskFooter />
      {problem && problem !== engineProblem && <ProblemNote problem={problem} />}
      {numTokens > 0 && <TokenStrip isStreaming={isRunning} />}
      {status === 'unavailable' ? <NoWebGpu /> : <AskForm />}
      {modelProblem && <ProblemNote problem={modelProblem} />}
    </>
  );
}

/** What was asked for beyond one answer that is thought about freely. */
function HowAsked({ request: { samples, thinking } }: { readonly request: AskRequest }) {
  const { t } = useTranslation();
  const { budget, waits } = thinking ?? { budget: null, waits: 0 };
  return (
    <>
      {samples > 1 && <span>{t('ask.samplesAre', { count: samples })}</span>}
      {budget === 0 && <span>{t('ask.noThinkingIs')}</span>}
      {budget !== null && budget > 0 && <span>{t('ask.budgetIs', { count: budget })}</span>}
      {waits > 0 && <span>{t('ask.waitsAre', { count: waits })}</span>}
    </>
  );
}
