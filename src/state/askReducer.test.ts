import { describe, expect, it } from 'vitest';
import type { AnswerSummary, AskRequest, StreamedToken, TokenPart } from '../worker/protocol';
import { type AskEvent, initialAsk, isAnswering, phaseOf, reduceAsk, shownSample } from './askReducer';

const request: AskRequest = {
  question: '1+2=?',
  temperature: 1,
  topP: 1,
  topK: 0,
  seed: 7,
  maxTokens: 64,
  samples: 1,
  thinking: null,
};
const token = (text: string, part: TokenPart): StreamedToken => ({
  id: 1,
  text,
  part,
  probability: 0.5,
  entropy: 0.7,
  alternatives: [],
});
const summary: AnswerSummary = {
  completionText: '<think>1+2=3</think><answer>3</answer>',
  thinking: '1+2=3',
  answer: '3',
  stopReason: 'end',
  verdict: { correct: true, expected: '3', found: '3' },
  numThinkingTokens: 5,
  numTokens: 10,
  thinkingMs: 12,
};
const asked: AskEvent = { type: 'questionAsked', request, origin: 'live' };
const started = (askId: number): AskEvent => ({ type: 'askStarted', askId, numPromptTokens: 6 });
const streamed = (askId: number, tokens: StreamedToken[], elapsedMs = 5, sample = 0): AskEvent => ({
  type: 'tokensStreamed',
  askId,
  sample,
  tokens,
  elapsedMs,
});
const ended = (askId: number, sample = 0): AskEvent => ({ type: 'answerEnded', askId, sample, summary });
const rates = { prefill: { tokens: 6, ms: 3 }, decode: { tokens: 10, ms: 20 } };
const finished = (askId: number): AskEvent => ({ type: 'askFinished', askId, summary: rates, expertLoad: [] });
const play = (...events: AskEvent[]) => events.reduce(reduceAsk, initialAsk('auto', undefined));

describe('the experts of an answer', () => {
  const choices = { ok: true, value: [{ layer: 1, numExperts: 2, tokens: [[{ expert: 1, weight: 1 }]] }] } as const;
  const read = (askId: number): AskEvent => ({ type: 'choicesRead', askId, sample: 0, choices });

  it('are kept with the answer they were asked for, and forgotten with it', () => {
    const state = play(asked, started(1), ended(1), finished(1), read(1));
    expect(shownSample(state).choices).toBe(choices);
    expect(shownSample(reduceAsk(state, asked)).choices).toBeUndefined();
    expect(shownSample(play(asked, started(2), ended(2), finished(2), read(1))).choices).toBeUndefined();
  });
});

describe('an answer', () => {
  it('moves from thinking to answering on the tag that closes the thinking', () => {
    const thinking = play(asked, started(1), streamed(1, [token('1', 'thinking')]));
    expect(thinking.pane.phase).toBe('thinking');
    const answering = reduceAsk(thinking, streamed(1, [token('</think>', 'tag')], 9));
    expect(answering.pane.phase).toBe('answering');
    expect(shownSample(answering).thinkingMs).toBe(9);
  });

  it('keeps the time it thought while the answer goes on', () => {
    const state = play(
      asked,
      started(1),
      streamed(1, [token('</think>', 'tag')], 9),
      streamed(1, [token('3', 'answer')], 15),
    );
    expect(state).toMatchObject({ elapsedMs: 15, samples: [{ thinkingMs: 9 }] });
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
    expect(shownSample(state).tokens).toEqual([]);
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
    expect(shownSample(done).tokens).toHaveLength(1);
  });

  it('says that the device was lost only if it was still answering', () => {
    const error = { name: 'DeviceLostError', userMessage: 'The GPU went away.', remedy: 'Reconnect.' };
    expect(play(asked, started(1), { type: 'deviceLost', error }).problem).toEqual(error);
    expect(play(asked, started(1), finished(1), { type: 'deviceLost', error }).problem).toBeUndefined();
  });
});

describe('several answers at once', () => {
  const three: AskEvent = { ...asked, request: { ...request, samples: 3 } };
  const tag = token('</think>', 'tag');
  const begun = () =>
    play(three, started(1), streamed(1, [token('1', 'thinking')]), streamed(1, [token('2', 'thinking'), tag], 8, 2));

  it('are kept apart, and the first is shown until another is chosen', () => {
    const state = begun();
    expect(state.samples.map(({ tokens }) => tokens.map(({ text }) => text))).toEqual([['1'], [], ['2', '</think>']]);
    expect(shownSample(state).tokens[0]?.text).toBe('1');
    const chosen = reduceAsk(state, { type: 'sampleChosen', sample: 2 });
    expect(shownSample(chosen).tokens[0]?.text).toBe('2');
    expect(reduceAsk(chosen, { type: 'sampleChosen', sample: 3 })).toBe(chosen);
  });

  it('are each in a phase of their own; the panes follow the one that is shown', () => {
    const state = begun();
    expect(state.samples.map((sample) => phaseOf(state, sample))).toEqual(['thinking', 'thinking', 'answering']);
    expect(state.pane.phase).toBe('thinking');
    const one = reduceAsk(state, ended(1, 2));
    expect(one.samples.map((sample) => phaseOf(one, sample))).toEqual(['thinking', 'thinking', 'done']);
    const all = [ended(1, 0), ended(1, 1), finished(1)].reduce(reduceAsk, one);
    expect(all.samples.map((sample) => phaseOf(all, sample))).toEqual(['done', 'done', 'done']);
  });

  it('begin again with the first at the next question', () => {
    const next = [{ type: 'sampleChosen', sample: 2 } as const, finished(1), three].reduce(reduceAsk, begun());
    expect(next).toMatchObject({ chosen: 0, samples: [{ tokens: [] }, { tokens: [] }, { tokens: [] }] });
  });
});
