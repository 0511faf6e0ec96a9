// Every keyboard shortcut of the page: one list for the handler and for the help, so that they never drift.
import { askAgain, moveSample, showNextToken, showRestOfAnswer, stopAsk, togglePane } from '../../state/page/ask';
import { focusOn, useInspect } from '../../state/page/inspect';
import { pauseOrResume, useRun } from '../../state/page/run';
import { goTo, HEADER_SCREENS, type Screen } from './screens';

export interface Shortcut {
  /** As tinykeys matches them, each on its own. */
  readonly keys: readonly string[];
  /** Where it works; undefined: everywhere. */
  readonly screen?: Screen;
  readonly text:
    | 'screens'
    | 'focusQuestion'
    | 'toggleThinking'
    | 'nextToken'
    | 'showRest'
    | 'stop'
    | 'again'
    | 'previousSample'
    | 'nextSample'
    | 'playPause'
    | 'singleStep'
    | 'previousStep'
    | 'nextStep';
  /** False where there was nothing to do: then the key means what it means to the browser. */
  readonly perform: (key: string) => unknown;
}

function moveFocusStep(by: number): void {
  const { steps } = useRun.getState();
  const first = steps[0]?.step;
  const last = steps[steps.length - 1]?.step;
  if (first === undefined || last === undefined) return;
  const target = (useInspect.getState().focusStep ?? last) + by;
  focusOn(target >= last ? undefined : Math.max(first, target));
}

// What starts runs is not needed for the first paint; Train has loaded it by then.
const takeStep = async () => (await import('../../state/page/startRun')).stepRun();

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8'],
    text: 'screens',
    perform: (key) => {
      const screen = HEADER_SCREENS[Number(key) - 1];
      if (screen) goTo(screen);
    },
  },
  { keys: ['/'], screen: 'ask', text: 'focusQuestion', perform: () => document.getElementById('question')?.focus() },
  { keys: ['t'], screen: 'ask', text: 'toggleThinking', perform: togglePane },
  { keys: ['Space', 'ArrowRight'], screen: 'ask', text: 'nextToken', perform: showNextToken },
  { keys: ['s'], screen: 'ask', text: 'showRest', perform: showRestOfAnswer },
  { keys: ['Escape'], screen: 'ask', text: 'stop', perform: () => void stopAsk() },
  { keys: ['r'], screen: 'ask', text: 'again', perform: () => void askAgain() },
  { keys: ['['], screen: 'ask', text: 'previousSample', perform: () => moveSample(-1) },
  { keys: [']'], screen: 'ask', text: 'nextSample', perform: () => moveSample(1) },
  // No key starts a run, and none that scrolls goes on with one.
  { keys: ['p'], screen: 'train', text: 'playPause', perform: () => void pauseOrResume() },
  { keys: ['.'], screen: 'train', text: 'singleStep', perform: () => void takeStep() },
  { keys: ['['], screen: 'train', text: 'previousStep', perform: () => moveFocusStep(-1) },
  { keys: [']'], screen: 'train', text: 'nextStep', perform: () => moveFocusStep(1) },
];
