// In a line: what is waited for before the thinking begins, how long it has gone on, how long it took.
import { useTranslation } from 'react-i18next';
import { isThinkingOpened } from '../../state/answerForm';
import { isShowingLess, phaseOf, type Sample, shownSample } from '../../state/askReducer';
import { togglePane, useAsk } from '../../state/page/ask';
import { usePreferences } from '../../state/page/preferences';
import { useFormat } from '../format';
import { useDeviceWork } from './useDeviceWork';

const numThinkingTokens = ({ tokens }: Sample) => tokens.reduce((n, { part }) => (part === 'thinking' ? n + 1 : n), 0);
/** Thinking that was never opened. */
const hasLooseThinking = ({ tokens }: Sample) =>
  !isThinkingOpened(tokens) && tokens.some(({ part, text }) => part === 'outside' && text.trim() !== '');

export function ThinkingSummary({ isOpen, bodyId }: { readonly isOpen: boolean; readonly bodyId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const phase = useAsk((state) => phaseOf(state, shownSample(state)));
  const duration = format.duration(useAsk((state) => shownSample(state).thinkingMs));
  const count = useAsk((state) => numThinkingTokens(shownSample(state)));
  const hasTokens = useAsk((state) => shownSample(state).tokens.length > 0);
  const isLoose = useAsk((state) => hasLooseThinking(shownSample(state)));
  const isTold = useAsk((state) => state.request?.thinking?.budget === 0);
  if (phase === 'idle') return null;
  const isThinking = phase === 'thinking';
  if (isThinking && !hasTokens) return <Waiting />;
  if (!isThinking && count === 0) {
    // That is no answer at once: the heading says what is wrong with it.
    if (!hasTokens || isLoose) return null;
    return <p className="text-fine text-soft">{t(isTold ? 'ask.toldNotToThink' : 'ask.didNotThink')}</p>;
  }
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? bodyId : undefined}
      onClick={togglePane}
      className="button-plain text-fine"
    >
      <span aria-hidden className={isOpen ? 'rotate-90' : ''}>
        ›
      </span>
      {t(isThinking ? 'ask.thinkingFor' : 'ask.thoughtFor', { duration, count })}
    </button>
  );
}

function Waiting() {
  const { t } = useTranslation();
  const hasBegun = useAsk((state) => state.askId !== undefined);
  const waitsForPress = useAsk(isShowingLess);
  const isByStep = usePreferences((preferences) => preferences.pace === 'step');
  const work = useDeviceWork();
  const text = () => {
    if (waitsForPress && isByStep) return t('ask.waitsForPress');
    if (hasBegun) return t('ask.reading');
    return work === undefined ? t('ask.waiting') : t('ask.waitingFor', { work: work.text });
  };
  return <p className="text-fine text-soft">{text()}</p>;
}
