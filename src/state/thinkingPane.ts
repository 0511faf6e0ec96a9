// Whether the thinking pane is open: a pure state machine, `idle → thinking → answering → done`, and one rule.
// What the reader did by hand always wins, until they choose a mode again.

/** `auto`: open until and while it thinks, tidied away when the answer starts. */
export type PaneMode = 'auto' | 'open' | 'closed';
export type PanePhase = 'idle' | 'thinking' | 'answering' | 'done';

export interface PaneState {
  readonly phase: PanePhase;
  readonly mode: PaneMode;
  /** What the reader chose by hand; undefined while they have left it to the mode. */
  readonly userOpen: boolean | undefined;
  /** The reader chose one of several answers to look at: its thinking is shown with it. */
  readonly isLookedAt: boolean;
}

export type PaneEvent =
  | { readonly type: 'asked' }
  | { readonly type: 'answerStarted' }
  | { readonly type: 'finished' }
  | { readonly type: 'lookedAt' }
  | { readonly type: 'toggled' }
  | { readonly type: 'modeChosen'; readonly mode: PaneMode };

/** The only rule for what is shown: the reader's hand, else the mode. */
export function isPaneOpen({ phase, mode, userOpen, isLookedAt }: PaneState): boolean {
  const isLive = phase === 'idle' || phase === 'thinking';
  return userOpen ?? (mode === 'open' || (mode === 'auto' && (isLive || isLookedAt)));
}

/** The next state. A phase never goes backwards within one answer. */
export function reducePane(state: PaneState, event: PaneEvent): PaneState {
  switch (event.type) {
    case 'asked':
      return { ...state, phase: 'thinking', isLookedAt: false };
    case 'answerStarted':
      return state.phase === 'thinking' ? { ...state, phase: 'answering' } : state;
    case 'finished':
      return state.phase === 'idle' ? state : { ...state, phase: 'done' };
    case 'lookedAt':
      return { ...state, isLookedAt: true };
    case 'toggled':
      return { ...state, userOpen: !isPaneOpen(state) };
    case 'modeChosen':
      return { ...state, mode: event.mode, userOpen: undefined };
  }
}
