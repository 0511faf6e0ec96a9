import { describe, expect, it } from 'vitest';
import type { AnswerSummary, AskRequest, StreamedToken, TokenPart } from '../protocol/protocol';
import { type AskEvent, type AskState, initialAsk, isAnswering, phaseOf, reduceAsk, shownSample } from './askReducer';

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
const tick: AskEvent = { type: 'ticked', nowMs: 0, pace: 'live' };
/** What an event leads to where everything is shown as it comes. */
const reduce = (state: AskState, event: AskEvent) => reduceAsk(reduceAsk(state, event), tick);
const play = (...events: AskEvent[]) => events.reduce(reduce, initialAsk('auto', undefined));

describe('the experts of an answer', () => {
  const router = { scoring: 'sigmoid', isNormalized: true, scale: 1, bias: [0, 0] } as const;
  const choices = {
    ok: true,
    value: [{ layer: 1, numExperts: 2, tokens: [[{ expert: 1, weight: 1 }]], scores: [[0.1, 0.6]], router }],
  } as const;
  const read = (askId: number): AskEvent => ({ type: 'choicesRead', askId, sample: 0, choices });

  it('are kept with the answer they were asked for, and forgotten with it', () => {
    const state = play(asked, started(1), ended(1), finished(1), read(1));
    expect(shownSample(state).choices).toBe(choices);
    expect(shownSample(reduce(state, asked)).choices).toBeUndefined();
    expect(shownSample(play(asked, started(2), ended(2), finished(2), read(1))).choices).toBeUndefined();
  });
});

describe('an answer', () => {
  it('moves from thinking to answering on the tag that closes the thinking', () => {
    const thinking = play(asked, started(1), streamed(1, [token('1', 'thinking')]));
    expect(thinking.pane.phase).toBe('thinking');
    const answering = reduce(thinking, streamed(1, [token('</think>', 'tag')], 9));
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
    const error = { code: 'bad_question', userMessage: 'There is no question.', remedy: 'Write one.' } as const;
    const state = play(asked, { type: 'askRefused', error });
    expect(isAnswering(state)).toBe(false);
    expect(state.problem).toEqual(error);
  });

  it('keeps the tokens it had when it is stopped', () => {
    const stopping = play(asked, started(1), streamed(1, [token('1', 'thinking')]), { type: 'stopRequested' });
    expect(stopping.isStopping).toBe(true);
    const done = reduce(stopping, finished(1));
    expect(done.isStopping).toBe(false);
    expect(shownSample(done).tokens).toHaveLength(1);
  });

  it('says that the device was lost only if it was still answering', () => {
    const error = { code: 'device_lost', userMessage: 'The GPU went away.', remedy: 'Reconnect.' } as const;
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
    const chosen = reduce(state, { type: 'sampleChosen', sample: 2 });
    expect(shownSample(chosen).tokens[0]?.text).toBe('2');
    expect(reduce(chosen, { type: 'sampleChosen', sample: 3 })).toBe(chosen);
  });

  it('are each in a phase of their own; the panes follow the one that is shown', () => {
    const state = begun();
    expect(state.samples.map((sample) => phaseOf(state, sample))).toEqual(['thinking', 'thinking', 'answering']);
    expect(state.pane.phase).toBe('thinking');
    const one = reduce(state, ended(1, 2));
    expect(one.samples.map((sample) => phaseOf(one, sample))).toEqual(['thinking', 'thinking', 'done']);
    const all = [ended(1, 0), ended(1, 1), finished(1)].reduce(reduce, one);
    expect(all.samples.map((sample) => phaseOf(all, sample))).toEqual(['done', 'done', 'done']);
  });

  it('begin again with the first at the next question', () => {
    const next = [{ type: 'sampleChosen', sample: 2 } as const, finished(1), three].reduce(reduce, begun());
    expect(next).toMatchObject({ chosen: 0, samples: [{ tokens: [] }, { tokens: [] }, { tokens: [] }] });
  });
});

describe('a question that is refused', () => {
  const error = {
    code: 'bad_question',
    userMessage: 'The question is too long.',
    remedy: 'Ask something shorter.',
  } as const;
  const refused: AskEvent = { type: 'askRefused', error };

  it('leaves the answer before it where it was', () => {
    const answered = play(asked, { type: 'askTaken' }, started(1), ended(1), finished(1));
    const state = [asked, refused].reduce(reduce, answered);
    expect(state).toEqual({ ...answered, problem: error, isOfBefore: true });
    expect(reduce(state, asked)).toMatchObject({ problem: undefined, isOfBefore: false });
    expect([asked, refused].reduce(reduce, initialAsk('auto', undefined)).isOfBefore).toBe(false);
  });

  it('leaves the hand’s last word on the pane', () => {
    const state = [asked, { type: 'paneToggled' } as const, refused].reduce(reduce, initialAsk('auto', undefined));
    expect(state.pane).toMatchObject({ phase: 'idle', userOpen: false });
  });
});

describe('an answer that is read at its own pace', () => {
  const completion = [token('<think>', 'tag'), token('1', 'thinking'), token('</think>', 'tag'), token('3', 'answer')];
  const whole = { ...summary, numTokens: completion.length };
  const at = (nowMs: number, steps = 0): AskEvent => ({ type: 'ticked', nowMs, pace: 'step', steps });
  const arrived = [
    asked,
    started(1),
    streamed(1, completion),
    { ...ended(1), summary: whole } as AskEvent,
    finished(1),
  ];
  const open = () => arrived.reduce(reduceAsk, initialAsk('open', undefined));
  const steps = (count: number) => reduceAsk(open(), at(0, count));

  it('waits for the thinking that is shown, verdict and all', () => {
    expect(shownSample(steps(2))).toMatchObject({ tokens: completion.slice(0, 2), summary: undefined });
    expect(steps(2).pane.phase).toBe('thinking');
    expect(steps(3).pane.phase).toBe('answering');
    expect(shownSample(steps(4))).toMatchObject({ tokens: completion, summary: whole });
    expect(steps(4).pane.phase).toBe('done');
  });

  it('does not wait for thinking that is hidden', () => {
    const closed = reduceAsk(reduceAsk(steps(1), { type: 'paneToggled' }), at(0));
    expect(shownSample(closed).summary).toBe(whole);
  });

  it('is there at once when its rest is wanted', () => {
    expect(shownSample(reduceAsk(reduceAsk(steps(1), { type: 'restWanted' }), at(0))).summary).toBe(whole);
  });

  it('stopped, has what was shown of it and no answer, though the engine was done', () => {
    const stopped = reduceAsk(reduceAsk(steps(2), { type: 'stopRequested' }), at(0));
    expect(stopped).toMatchObject({ pane: { phase: 'done' }, isStopping: false });
    expect(shownSample(stopped)).toMatchObject({
      tokens: completion.slice(0, 2),
      summary: { stopReason: 'stopped', answer: undefined, verdict: undefined, thinking: '1', numTokens: 2 },
    });
  });

  it('lets the next question be asked as soon as the engine is done', () => {
    expect(open().isComputing).toBe(false);
    expect(isAnswering(open())).toBe(true);
  });
});
