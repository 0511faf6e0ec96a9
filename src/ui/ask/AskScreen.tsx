// The Ask screen: what this is, the box to ask in, and the stage: the question, the thinking beside the answer, the tokens they are
// made of. What comes late has its room from the start, so that nothing moves.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { playRecordedAnswer, useAsk } from '../../state/ask';
import { isAnswering, shownSample } from '../../state/askReducer';
import { useSession } from '../../state/session';
import { NoWebGpu } from '../app/NoWebGpu';
import { ProblemNote } from '../components/ProblemNote';
import { AnswerPane } from './AnswerPane';
import { AskedQuestion } from './AskedQuestion';
import { AskFooter } from './AskFooter';
import { AskForm } from './AskForm';
import { Tally } from './Tally';
import { ThinkingPane } from './ThinkingPane';
import { TokenStrip } from './TokenStrip';

export default function AskScreen() {
  const status = useSession((session) => session.status);
  const modelProblem = useSession((session) => session.modelProblem);
  const request = useAsk((state) => state.request);
  const isLive = useAsk((state) => state.origin === 'live');
  const isRunning = useAsk(isAnswering);
  const numTokens = useAsk((state) => shownSample(state).tokens.length);
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (useAsk.getState().request === undefined) void playRecordedAnswer();
  }, []);
  useEffect(() => {
    // On a small screen the stage may be below its edge.
    if (request !== undefined && isLive) stage.current?.scrollIntoView({ block: 'nearest' });
  }, [request, isLive]);
  return (
    <>
      <Invitation />
      {status === 'unavailable' ? <NoWebGpu /> : <AskForm />}
      {modelProblem && <ProblemNote problem={modelProblem} />}
      <div ref={stage} className="mt-3 scroll-my-4">
        <AskedQuestion />
        <div className="grid border-y hairline md:grid-cols-2">
          <ThinkingPane />
          <AnswerPane />
        </div>
      </div>
      <AskFooter />
      <Tally />
      {numTokens > 0 && <TokenStrip isStreaming={isRunning} />}
    </>
  );
}

function Invitation() {
  const { t } = useTranslation();
  return (
    <div className="mb-4 md:mb-5">
      <h1 className="font-voice text-2xl leading-tight sm:text-3xl">{t('ask.invitation')}</h1>
      <p className="mt-1 text-soft">
        {t('ask.invitationMore')}{' '}
        <a href="#train" className="link">
          {t('ask.teach')}
        </a>
      </p>
    </div>
  );
}
