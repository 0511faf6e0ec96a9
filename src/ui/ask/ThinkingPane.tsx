// The thinking, live: a bounded box of steps that follows the newest line while the reader is at its end.
import { useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { choosePaneMode, togglePane, useAsk } from '../../state/ask';
import type { AskState } from '../../state/askReducer';
import { isPaneOpen, type PaneMode } from '../../state/thinkingPane';
import { Maths } from '../components/Maths';
import { Switch } from '../components/Switch';
import { useFollow } from '../components/useFollow';
import { useFormat } from '../format';
import { stepLines } from './stepMarks';

const MODES: readonly PaneMode[] = ['auto', 'open', 'closed'];

/** A scrolling box must be reachable by keyboard in every browser. */
const SCROLLABLE = { tabIndex: 0 };

const thinkingText = ({ tokens }: AskState) =>
  tokens.flatMap(({ part, text }) => (part === 'thinking' ? [text] : [])).join('');
const numThinkingTokens = ({ tokens }: AskState) =>
  tokens.reduce((n, { part }) => (part === 'thinking' ? n + 1 : n), 0);

export function ThinkingPane() {
  const { t } = useTranslation();
  const pane = useAsk((state) => state.pane);
  const isOpen = isPaneOpen(pane);
  const bodyId = useId();
  return (
    <section aria-labelledby={`${bodyId}-title`} className="min-w-0 py-5 md:min-h-68 md:pr-8">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id={`${bodyId}-title`} className="caps mr-auto">
          {t('ask.thinking')}
        </h2>
        <select
          aria-label={t('ask.whenToShow')}
          className="min-h-6 max-w-44 bg-paper text-fine text-soft"
          value={pane.userOpen === undefined ? pane.mode : 'hand'}
          onChange={(event) => {
            const mode = MODES.find((name) => name === event.target.value);
            if (mode) choosePaneMode(mode);
          }}
        >
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(`ask.mode.${mode}`)}
            </option>
          ))}
          {pane.userOpen !== undefined && <option value="hand">{t('ask.mode.hand')}</option>}
        </select>
        <Switch checked={isOpen} onChange={togglePane}>
          {t('ask.showThinking')}
        </Switch>
      </div>
      {isOpen && <Steps id={bodyId} />}
      <Summary isOpen={isOpen} bodyId={bodyId} />
    </section>
  );
}

function Summary({ isOpen, bodyId }: { readonly isOpen: boolean; readonly bodyId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const phase = useAsk((state) => state.pane.phase);
  const hasBegun = useAsk((state) => state.askId !== undefined);
  const duration = format.duration(useAsk((state) => state.thinkingMs));
  const count = useAsk(numThinkingTokens);
  const hasTokens = useAsk((state) => state.tokens.length > 0);
  if (phase === 'idle') return null;
  const isThinking = phase === 'thinking';
  if (isThinking && !hasTokens) {
    return <p className="mt-3 text-fine text-soft">{t(hasBegun ? 'ask.reading' : 'ask.waiting')}</p>;
  }
  if (!isThinking && count === 0)
    return hasTokens && <p className="mt-3 text-fine text-soft">{t('ask.didNotThink')}</p>;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? bodyId : undefined}
      onClick={togglePane}
      className="button-plain mt-2 text-fine"
    >
      <span aria-hidden className={isOpen ? 'rotate-90' : ''}>
        ›
      </span>
      {t(isThinking ? 'ask.thinkingFor' : 'ask.thoughtFor', { duration, count })}
    </button>
  );
}

function Steps({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const text = useAsk(thinkingText);
  const isGrowing = useAsk((state) => state.pane.phase === 'thinking');
  const hasBegun = useAsk((state) => state.pane.phase !== 'idle');
  const question = useAsk((state) => state.request?.question);
  const lines = useMemo(() => stepLines(text, isGrowing, question), [text, isGrowing, question]);
  const { ref, isFollowing, onScroll, jump } = useFollow();
  return (
    <div id={id} className="relative">
      <section
        ref={ref}
        onScroll={onScroll}
        {...SCROLLABLE}
        aria-label={t('ask.thinking')}
        className="max-h-64 min-h-40 overflow-y-auto overscroll-contain"
      >
        {!hasBegun && <p className="max-w-sm pt-3 text-soft">{t('ask.noThinkingYet')}</p>}
        <ol className="font-voice text-base leading-[1.85] text-think italic">
          {[...lines.entries()].map(([index, { words, body, equation, mark }]) => (
            <li key={index} className="flex items-baseline gap-3 border-b border-dotted border-line">
              <span className="min-w-0">
                {words && <span className="text-soft">{words} </span>}
                {equation === undefined ? body : <Maths text={equation} />}
                {isGrowing && index === lines.length - 1 && <span className="caret ml-0.5" />}
              </span>
              {mark && (
                <span
                  className={`ml-auto font-sans text-fine not-italic ${mark === 'right' ? 'text-good' : 'text-bad'}`}
                >
                  {mark === 'right' ? `✓ ${t('ask.stepRight')}` : `✗ ${t('ask.stepWrong')}`}
                </span>
              )}
            </li>
          ))}
        </ol>
        {isGrowing && lines.length === 0 && <span className="caret mt-3" />}
      </section>
      {!isFollowing && (
        <button type="button" onClick={jump} className="button absolute right-2 bottom-2 min-h-8 text-fine shadow">
          {t('ask.jump')}
        </button>
      )}
    </div>
  );
}
