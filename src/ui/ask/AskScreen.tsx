// The Ask screen: what this is, the box to ask in, and the stage: the question, the thinking beside the answer, the
// tokens they are made of. What comes late has its room from the start, so that nothing moves.
import { X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isAnswering, shownSample } from '../../state/askReducer';
import { playRecordedAnswer, useAsk } from '../../state/page/ask';
import { setPreferences, usePreferences } from '../../state/page/preferences';
import { useSession } from '../../state/page/session';
import { isEmbedded } from '../app/embedding';
import { ProblemNote } from '../components/ProblemNote';
import { lazyPart } from '../i18n/lazyPart';
import { painted } from '../painted';
import { AnswerPane } from './AnswerPane';
import { AskedQuestion } from './AskedQuestion';
import { AskFooter } from './AskFooter';
import { AskForm } from './AskForm';
import { ThinkingPane } from './ThinkingPane';

// Below all else, and nothing before there are tokens: not needed for the first paint.
const Tally = lazy(async () => ({ default: (await import('./Tally')).Tally }));
const TokenStrip = lazy(async () => ({ default: (await import('./TokenStrip')).TokenStrip }));
const NoDevice = lazyPart('later', async () => ({ default: (await import('../app/NoDevice')).NoDevice }));

const KeptHere = lazyPart<object>('chats', () => import('../lab/chats/KeptHere'));
const AskedBefore = lazyPart<object>('asked', () => painted.then(() => import('./AskedBefore')));

export default function AskScreen() {
  const status = useSession((session) => session.status);
  const modelProblem = useSession((session) => session.modelProblem);
  const request = useAsk((state) => state.request);
  const isLive = useAsk((state) => state.origin === 'live');
  // The recording counts its questions, too.
  const answerKey = useAsk(({ origin, askId }) => `${origin} ${askId}`);
  const isRunning = useAsk(isAnswering);
  const numTokens = useAsk((state) => shownSample(state).tokens.length);
  const isVote = useAsk((state) => state.samples.length > 1);
  const keepsChats = usePreferences((preferences) => preferences.keepsChats);
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
      {!isEmbedded && <Invitation />}
      <Suspense>{status === 'unavailable' ? <NoDevice /> : <AskForm />}</Suspense>
      {modelProblem && <ProblemNote problem={modelProblem} />}
      <div ref={stage} className="mt-3 scroll-my-4">
        <AskedQuestion />
        <div className="grid border-y hairline md:grid-cols-2">
          <ThinkingPane />
          <AnswerPane />
        </div>
      </div>
      <AskFooter />
      <Suspense>
        {isVote && <Tally />}
        {numTokens > 0 && <TokenStrip key={answerKey} isStreaming={isRunning} />}
      </Suspense>
      <Suspense>{keepsChats && !isEmbedded && <KeptHere />}</Suspense>
      <Suspense>{!isEmbedded && <AskedBefore />}</Suspense>
    </>
  );
}

/** What this is, in a sentence; and the way to the story, until the reader has taken it or does not want it. */
function Invitation() {
  const { t } = useTranslation();
  const isInviting = usePreferences((preferences) => preferences.invitesToStory);
  return (
    <div className="mb-4 md:mb-5">
      <h1 className="font-voice text-2xl leading-tight sm:text-3xl">{t('ask.invitation')}</h1>
      <p className="mt-1 text-soft">
        {t('ask.invitationMore')}{' '}
        <a href="#train" className={`link ${isInviting ? 'max-sm:hidden' : ''}`}>
          {t('ask.teach')}
        </a>
      </p>
      {isInviting && <StoryInvitation />}
    </div>
  );
}

function StoryInvitation() {
  const { t } = useTranslation();
  return (
    <p className="mt-3 flex items-start gap-2 border-l-3 border-accent bg-wash py-1.5 pr-1 pl-4">
      <span className="min-w-0 flex-1 self-center">
        {t('ask.newHere')}{' '}
        <a href="#story" className="link font-semibold">
          {t('ask.storyLink')}
        </a>
        {/* On a small screen the thought that is being written has its place first. */}
        <span className="max-sm:sr-only">{t('ask.storyIs')}</span>
      </span>
      <button
        type="button"
        className="button-plain justify-center"
        aria-label={t('ask.dismissStory')}
        onClick={() => setPreferences({ invitesToStory: false })}
      >
        <X aria-hidden size={16} />
      </button>
    </p>
  );
}
