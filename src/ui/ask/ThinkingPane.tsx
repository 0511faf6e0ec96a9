// The thinking, live: its steps while the pane is open, at the pace that was chosen, and in a line how long it took.
import { lazy, Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { isShowingLess } from '../../state/askReducer';
import type { Pace } from '../../state/pacer';
import { choosePace, showNextToken, showRestOfAnswer, togglePane, useAsk } from '../../state/page/ask';
import { usePreferences } from '../../state/page/preferences';
import { isPaneOpen } from '../../state/thinkingPane';
import { Switch } from '../components/Switch';
import { painted } from '../painted';
import { Faults } from './Faults';
import { ThinkingSummary } from './ThinkingSummary';

// They judge steps by the tasks' own code, which the first paint does without.
const ThinkingSteps = lazy(async () => {
  await painted;
  return { default: (await import('./ThinkingSteps')).ThinkingSteps };
});
const ThinkingLegend = lazy(async () => {
  await painted;
  return { default: (await import('./ThinkingLegend')).ThinkingLegend };
});

const PACES: readonly Pace[] = ['live', 'reading', 'step'];

export function ThinkingPane() {
  const { t } = useTranslation();
  const isOpen = useAsk((state) => isPaneOpen(state.pane));
  const bodyId = useId();
  return (
    <section aria-labelledby={`${bodyId}-title`} className="min-w-0 py-4 md:min-h-78 md:pr-8">
      {/* On a narrow screen the pace has a line of its own. */}
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id={`${bodyId}-title`} className="caps mr-auto">
          {t('ask.thinking')}
        </h2>
        <span className="order-last -ml-1 w-full sm:order-none sm:ml-0 sm:w-auto">
          <PaceChoice />
        </span>
        <Switch checked={isOpen} onChange={togglePane}>
          {t('ask.showThinking')}
        </Switch>
      </div>
      <Faults of="thinking" />
      {isOpen && (
        <Suspense fallback={<div id={bodyId} className="h-50" />}>
          <ThinkingSteps id={bodyId} />
        </Suspense>
      )}
      <div className="mt-2 flex min-h-14 flex-wrap items-center gap-x-6 sm:min-h-8">
        <ThinkingSummary isOpen={isOpen} bodyId={bodyId} />
        <Suspense>{isOpen && <ThinkingLegend />}</Suspense>
        <Ahead />
      </div>
    </section>
  );
}

function PaceChoice() {
  const { t } = useTranslation();
  const pace = usePreferences((preferences) => preferences.pace);
  return (
    <select
      aria-label={t('ask.pace')}
      className="min-h-6 max-w-44 bg-paper text-fine text-soft"
      value={pace}
      onChange={(event) => {
        const chosen = PACES.find((name) => name === event.target.value);
        if (chosen) choosePace(chosen);
      }}
    >
      {PACES.map((name) => (
        <option key={name} value={name}>
          {t(`ask.paces.${name}`)}
        </option>
      ))}
    </select>
  );
}

/** While there is more than is shown: the next of it, or all. */
function Ahead() {
  const { t } = useTranslation();
  const isLess = useAsk(isShowingLess);
  const isByStep = usePreferences((preferences) => preferences.pace === 'step');
  if (!isLess) return null;
  return (
    <span className="ml-auto flex gap-2">
      {isByStep && (
        <button type="button" className="button min-h-7 py-0 text-fine" onClick={showNextToken}>
          {t('ask.nextToken')} <kbd>→</kbd>
        </button>
      )}
      <button
        type="button"
        className="button min-h-7 py-0 text-fine"
        title={t('ask.showRestHelp')}
        onClick={showRestOfAnswer}
      >
        {t('ask.showRest')} <kbd>S</kbd>
      </button>
    </span>
  );
}
