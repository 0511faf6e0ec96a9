// Under the stage: how fast it went on the left, what one can do with the answer on the right.
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAnswering, shownSample } from '../../state/askReducer';
import { askAgain, playRecordedAnswer, stopAsk, useAsk } from '../../state/page/ask';
import { reconnectEngine, useSession } from '../../state/page/session';
import { tokensPerSecond, useFormat } from '../format';
import { lazyPart } from '../i18n/lazyPart';

// Only of use once there is an answer.
const CopyAskLink = lazyPart('links', () => import('../links/CopyAskLink'));

/** A stop that takes longer than this may be forced. */
const FORCE_AFTER_MS = 1500;

export function AskFooter() {
  const { t } = useTranslation();
  const format = useFormat();
  const summary = useAsk((state) => state.summary);
  const shown = useAsk((state) => shownSample(state).summary);
  const isRunning = useAsk((state) => isAnswering(state) && state.origin === 'live');
  const isStopping = useAsk((state) => state.isStopping);
  const origin = useAsk((state) => state.origin);
  const phase = useAsk((state) => state.pane.phase);
  const isReady = useSession((session) => session.status === 'ready');
  const prefill = summary && tokensPerSecond(summary.prefill.tokens, summary.prefill.ms);
  const decode = summary && tokensPerSecond(summary.decode.tokens, summary.decode.ms);
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-x-6 gap-y-1 py-2 text-fine text-soft">
      {prefill !== undefined && <span>{t('ask.prefill', { rate: format.number(prefill) })}</span>}
      {decode !== undefined && <span>{t('ask.decode', { rate: format.number(decode) })}</span>}
      <div className="-ml-1 flex flex-wrap items-center gap-x-3 whitespace-nowrap sm:-mr-1 sm:ml-auto sm:gap-x-4">
        {isRunning && (
          <button type="button" className="button-plain" disabled={isStopping} onClick={() => void stopAsk()}>
            {t(isStopping ? 'ask.stopping' : 'ask.stop')} <kbd>Esc</kbd>
          </button>
        )}
        {isStopping && <ForceStop />}
        {phase === 'done' && origin === 'recorded' && (
          <button type="button" className="button-plain" onClick={() => void playRecordedAnswer()}>
            {t('ask.replay')}
          </button>
        )}
        {phase === 'done' && isReady && (
          <button type="button" className="button-plain" title={t('ask.againHelp')} onClick={() => void askAgain()}>
            {t(origin === 'recorded' ? 'ask.askLive' : 'ask.again')} <kbd>R</kbd>
          </button>
        )}
        {shown?.answer !== undefined && <CopyButton text={shown.answer} label={t('ask.copyAnswer')} />}
        {shown?.thinking && <CopyButton text={shown.thinking} label={t('ask.copyThinking')} />}
        {phase === 'done' && (
          <Suspense>
            <CopyAskLink />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function ForceStop() {
  const { t } = useTranslation();
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), FORCE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isDue) return null;
  return (
    <button type="button" className="button-plain" onClick={() => void reconnectEngine()}>
      {t('ask.forceStop')}
    </button>
  );
}

function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<string>();
  return (
    <button
      type="button"
      className="button-plain"
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(text),
          () => setCopied(undefined),
        )
      }
    >
      {copied === text ? t('ask.copied') : label}
    </button>
  );
}
