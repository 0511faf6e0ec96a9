import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPaneOpen, type PaneEvent, type PaneMode, type PaneState, reducePane } from './thinkingPane';

const idle = (mode: PaneMode): PaneState => ({ phase: 'idle', mode, userOpen: undefined, isLookedAt: false });
const play = (start: PaneState, ...events: PaneEvent[]) => events.reduce(reducePane, start);
const asked = { type: 'asked' } as const;
const answerStarted = { type: 'answerStarted' } as const;
const finished = { type: 'finished' } as const;
const toggled = { type: 'toggled' } as const;

describe('the thinking pane', () => {
  it('collapsed mid-stream stays collapsed, through the answer and after it', () => {
    const collapsed = play(idle('auto'), asked, toggled);
    expect(isPaneOpen(collapsed)).toBe(false);
    expect(isPaneOpen(play(collapsed, answerStarted))).toBe(false);
    expect(isPaneOpen(play(collapsed, answerStarted, finished))).toBe(false);
  });

  it('opened again by hand mid-answer stays open when the answer is done', () => {
    const reopened = play(idle('auto'), asked, answerStarted, toggled);
    expect(isPaneOpen(reopened)).toBe(true);
    expect(isPaneOpen(play(reopened, finished))).toBe(true);
  });

  it('in auto mode is open before and while thinking, and tidied away when the answer starts', () => {
    expect(isPaneOpen(idle('auto'))).toBe(true);
    expect(isPaneOpen(play(idle('auto'), asked))).toBe(true);
    expect(isPaneOpen(play(idle('auto'), asked, answerStarted))).toBe(false);
    expect(isPaneOpen(play(idle('auto'), asked, answerStarted, finished))).toBe(false);
  });

  it('always open and always closed mean what they say in every phase', () => {
    for (const events of [[], [asked], [asked, answerStarted], [asked, answerStarted, finished]]) {
      expect(isPaneOpen(play(idle('open'), ...events))).toBe(true);
      expect(isPaneOpen(play(idle('closed'), ...events))).toBe(false);
    }
  });

  it('in auto mode opens for an answer that is looked at, until the next question, unless the hand closed it', () => {
    const done = play(idle('auto'), asked, answerStarted, finished);
    const lookedAt = { type: 'lookedAt' } as const;
    expect(isPaneOpen(play(done, lookedAt))).toBe(true);
    expect(isPaneOpen(play(done, lookedAt, asked, answerStarted))).toBe(false);
    expect(isPaneOpen(play(done, toggled, toggled, lookedAt))).toBe(false);
    expect(isPaneOpen(play({ ...done, mode: 'closed' }, lookedAt))).toBe(false);
  });

  it('forgets the hand when a mode is chosen again', () => {
    const state = play(idle('auto'), asked, toggled, { type: 'modeChosen', mode: 'open' });
    expect(isPaneOpen(state)).toBe(true);
    expect(state.userOpen).toBeUndefined();
  });

  it('never goes back from answering to thinking within one answer', () => {
    expect(play(idle('auto'), asked, finished, answerStarted).phase).toBe('done');
    expect(play(idle('auto'), answerStarted, finished).phase).toBe('idle');
  });

  it('after a toggle shows the opposite of before and keeps it whatever the engine does next', () => {
    const engineEvent = fc.constantFrom<PaneEvent>(asked, answerStarted, finished);
    const mode = fc.constantFrom<PaneMode>('auto', 'open', 'closed');
    fc.assert(
      fc.property(mode, fc.array(engineEvent), fc.array(engineEvent), (start, before, after) => {
        const state = play(idle(start), ...before);
        const left = play(state, toggled);
        expect(isPaneOpen(left)).toBe(!isPaneOpen(state));
        expect(isPaneOpen(play(left, ...after))).toBe(isPaneOpen(left));
      }),
    );
  });
});
