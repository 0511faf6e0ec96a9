import { describe, expect, it } from 'vitest';
import type { AskRequest, AskSummary, StreamedToken, TokenPart } from '../worker/protocol';
import { type AskEvent, initialAsk, isAnswering, reduceAsk } from './askReducer';

const request: AskRequest = { question: '1+2=?', temperature: 1, topP: 1, topK: 0, seed: 7, maxTokens: 64 };
const token = (text: string, part: TokenPart): StreamedToken => ({
  id: 1,
  text,
  part,
  probability: 0.5,
  entropy: 0.7,
  alternatives: [],
});
const summary: AskSummary = {
  completionText: '<think>1+2=3</think><answer>3</answer>',
  thinking: '1+2=3',
  answer: '3',
  stopReason: 'end',
  verdict: { correct: true, expected: '3', found: '3' },
  numPromptTokens: 6,
  numThinkingTokens: 5,
  numTokens: 10,
  prefillMs: 3,
  decodeMs: 20,
  thinkingMs: 12,
};
const asked: AskEvent = { type: 'questionAsked', request, origin: 'live' };
const started = (askId: number): AskEvent => ({ type: 'askStarted', askId, numPromptTokens: 6 });
const streamed = (askId: number, tokens: StreamedToken[], elapsedMs = 5): AskEvent => ({
  type: 'tokensStreamed',
  askId,
  tokens,
  elapsedMs,
});
const finished = (askId: number): AskEvent => ({ type: 'askFinished', askId, summary, expertLoad: [] });
const play = (...events: AskEvent[]) => events.reduce(reduceAsk, initialAsk('auto', undefined));

describe('an answer', () => {
  it('moves from thinking to answering on the tag that closes the thinking', () => {
    const thinking = play(asked, started(1), streamed(1, [token('1', 'thinking')]));
    expect(thinking.pane.phase).toBe('thinking');
    const answering = reduceAsk(thinking, streamed(1, [token('</think>', 'tag')], 9));
    expect(answering.pane.phase).toBe('answering');
    expect(answering.thinkingMs).toBe(9);
  });

  it('keeps the time it thought while the answer goes on', () => {
    const state = play(
      asked,
      started(1),
      streamed(1, [token('</think>', 'tag')], 9),
      streamed(1, [token('3', 'answer')], 15),
    );
    expect(state).toMatchObject({ thinkingMs: 9, elapsedMs: 15 });
  });

  it('collapsed mid-stream stays collapsed until the end', () => {
    const state = play(
      asked,
      started(1),
      streamed(1, [token('1', 'thinking')]),
      { type: 'paneToggled' },
      streamed(1, [token('+', 'thinking')]),
      finished(1),
    );
    expect(state.pane.userOpen).toBe(false);
    expect(state.pane.phase).toBe('done');
  });

  it('ignores tokens of a question asked before', () => {
    const state = play(asked, started(1), asked, started(2), streamed(1, [token('9', 'answer')]));
    expect(state.tokens).toEqual([]);
    expect(state.askId).toBe(2);
  });

  it('is no longer running after a refusal, and says why', () => {
    const error = { name: 'EmptyQuestionError', userMessage: 'There is no question.', remedy: 'Write one.' };
    const state = play(asked, { type: 'askRefused', error });
    expect(isAnswering(state)).toBe(false);
    expect(state.problem).toEqual(error);
  });

  it('keeps the tokens it had when it is stopped', () => {
    const stopping = play(asked, started(1), streamed(1, [token('1', 'thinking')]), { type: 'stopRequested' });
    expect(stopping.isStopping).toBe(true);
    const done = reduceAsk(stopping, finished(1));
    expect(done.isStopping).toBe(false);
    expect(done.tokens).toHaveLength(1);
  });

  it('says that the device was lost only if it was still answering', () => {
    const error = { name: 'DeviceLostError', userMessage: 'The GPU went away.', remedy: 'Reconnect.' };
    expect(play(asked, started(1), { type: 'deviceLost', error }).problem).toEqual(error);
    expect(play(asked, started(1), finished(1), { type: 'deviceLost', error }).problem).toBeUndefined();
  });
});
