// The thinking, live: its steps while the pane is open, and in a line how long it took.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { choosePaneMode, togglePane, useAsk } from '../../state/ask';
import { phaseOf, type Sample, shownSample } from '../../state/askReducer';
import { isPaneOpen, type PaneMode } from '../../state/thinkingPane';
import { Switch } from '../components/Switch';
import { useFormat } from '../format';
import { ThinkingLegend } from './ThinkingLegend';
import { ThinkingSteps } from './ThinkingSteps';

const MODES: readonly PaneMode[] = ['auto', 'open', 'closed'];

const numThinkingTokens = ({ tokens }: Sample) => tokens.reduce((n, { part }) => (part === 'thinking' ? n + 1 : n), 0);

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
      {isOpen && <ThinkingSteps id={bodyId} />}
      <div className="mt-2 flex flex-wrap items-center gap-x-6">
        <Summary isOpen={isOpen} bodyId={bodyId} />
        {isOpen && <ThinkingLegend />}
      </div>
    </section>
  );
}

function Summary({ isOpen, bodyId }: { readonly isOpen: boolean; readonly bodyId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const phase = useAsk((state) => phaseOf(state, shownSample(state)));
  const hasBegun = useAsk((state) => state.askId !== undefined);
  const duration = format.duration(useAsk((state) => shownSample(state).thinkingMs));
  const count = useAsk((state) => numThinkingTokens(shownSample(state)));
  const hasTokens = useAsk((state) => shownSample(state).tokens.length > 0);
  const isTold = useAsk((state) => state.request?.thinking?.budget === 0);
  if (phase === 'idle') return null;
  const isThinking = phase === 'thinking';
  if (isThinking && !hasTokens) {
    return <p className="mt-1 text-fine text-soft">{t(hasBegun ? 'ask.reading' : 'ask.waiting')}</p>;
  }
  if (!isThinking && count === 0)
    return (
      hasTokens && <p className="mt-1 text-fine text-soft">{t(isTold ? 'ask.toldNotToThink' : 'ask.didNotThink')}</p>
    );
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
