import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import answerRecording from '../../public/recorded/answer.json';
import type { AskRequest, EngineApi, EngineEvent, LayerChoices, ModelInfo, Result } from '../protocol/protocol';
import { MODEL } from '../testing/madeUp';
import { madeUpSummary, madeUpTokens } from '../testing/madeUpAnswer';
import { runRecord } from '../testing/madeUpRun';
import { deferred, ok, openStubSession, refused } from '../testing/stubEngine';
import { AskStore } from './ask';
import { phaseOf, shownSample } from './askReducer';
import { InspectStore } from './inspect';
import { RunStore } from './run';

interface Page {
  readonly commands?: Partial<EngineApi>;
  readonly recording?: unknown;
  readonly isInvalid?: boolean;
}

async function openAsk({ commands = {}, recording, isInvalid = false }: Page = {}) {
  const asked: AskRequest[] = [];
  const stub = await openStubSession({
    ask: async (request) => ok(asked.push(request)),
    stopAsk: async () => {},
    loadModel: async (source) => ok({ ...MODEL, name: source.kind === 'shipped' ? source.id : 'mine' }),
    modelInfo: async () => ok(MODEL),
    listRuns: async () => ok([]),
    ...commands,
  });
  const { session, preferences } = stub;
  preferences.setPreferences({ pace: 'live' });
  const fetchRecording = async () => recording as never;
  const isStill = () => true;
  const inspect = new InspectStore(session);
  const runs = new RunStore({ session, inspect, preferences });
  const world = { session, runs, preferences, fetchRecording, isStill, showInvalidField: () => isInvalid };
  const store = new AskStore(world);
  const load = (id: string) => session.loadModel({ kind: 'shipped', id });
  return { ...stub, store, asked, load, runs, state: () => store.useAsk.getState() };
}

/** All that the engine tells of the answers to a request, as one batch. */
function answersTo(request: AskRequest, askId: number): EngineEvent[] {
  const samples = Array.from({ length: request.samples }, (_, sample) => madeUpTokens(request, sample));
  return [
    { type: 'askStarted', askId, numPromptTokens: 8 },
    ...samples.flatMap((tokens, sample): EngineEvent[] => [
      { type: 'tokensStreamed', askId, sample, tokens, elapsedMs: 10 },
      { type: 'answerEnded', askId, sample, summary: madeUpSummary(request, tokens, false, 1) },
    ]),
    {
      type: 'askFinished',
      askId,
      summary: { prefill: { tokens: 8, ms: 1 }, decode: { tokens: 9, ms: 9 } },
      expertLoad: [],
    },
  ];
}

describe('a question', () => {
  it('is asked as the settings and the model say, and its answer is shown', async () => {
    const { store, asked, emit, load, preferences, state } = await openAsk();
    await load('base');
    preferences.setAskSettings({ temperature: 0.5, samples: 2 });
    await store.ask(' 9-8+3-7 ');
    const [request] = asked;
    expect(request).toMatchObject({ question: '9-8+3-7', temperature: 0.5, samples: 2, maxTokens: 96, seed: 7 });
    if (request) emit(...answersTo(request, 1));
    expect(phaseOf(state(), shownSample(state()))).toBe('done');
    expect(shownSample(state()).summary?.verdict?.correct).toBe(true);
    expect(state().answeredBy).toEqual({ name: 'base' });
  });

  it('waits for a model that is on its way, and is asked as that one answers', async () => {
    const loaded = deferred<Result<ModelInfo>>();
    const { store, asked, load, state } = await openAsk({ commands: { loadModel: () => loaded.promise } });
    void load('base');
    const asking = store.ask('1+1');
    await Promise.resolve();
    expect(state()).toMatchObject({ isComputing: true, request: { question: '1+1' } });
    loaded.resolve(ok({ ...MODEL, generation: { ...MODEL.generation, maxNewTokens: 17 } }));
    await asking;
    expect(asked).toMatchObject([{ maxTokens: 17 }]);
    expect(state().request?.maxTokens).toBe(17);
  });

  it('without a model is refused, and can be asked again', async () => {
    const { store, state, asked, load } = await openAsk();
    await store.ask('1+1');
    expect(state()).toMatchObject({ isComputing: false, problem: { code: 'no_model' } });
    await load('base');
    await store.ask('1+1');
    expect(asked).toHaveLength(1);
  });

  it('that the engine refuses says why', async () => {
    const { store, state, load } = await openAsk({ commands: { ask: async () => refused('letters') } });
    await load('base');
    await store.ask('one and one');
    expect(state()).toMatchObject({ isComputing: false, problem: { userMessage: 'No letters.' } });
  });

  it('is not asked while one is answered, nor while a field shows what it cannot take', async () => {
    const { store, asked, load } = await openAsk();
    await load('base');
    await store.ask('1+1');
    await store.ask('2+2');
    expect(asked).toHaveLength(1);
    const other = await openAsk({ isInvalid: true });
    await other.load('base');
    await other.store.ask('1+1');
    expect(other.asked).toEqual([]);
  });

  it('is asked again with the next seed', async () => {
    const { store, asked, emit, load, preferences } = await openAsk();
    await load('base');
    await store.ask('1+1');
    if (asked[0]) emit(...answersTo(asked[0], 1));
    await store.askAgain();
    expect(asked.map(({ question, seed }) => [question, seed])).toEqual([
      ['1+1', 7],
      ['1+1', 8],
    ]);
    expect(preferences.usePreferences.getState().ask.seed).toBe(8);
  });

  it('that is typed outlives its screen', async () => {
    const { store } = await openAsk();
    store.writeQuestion('1+1');
    expect(store.useQuestion.getState().text).toBe('1+1');
  });
});

describe('an answer', () => {
  it('is stopped in the engine while that computes, and shows no token more', async () => {
    const stopAsk = vi.fn(async () => {});
    const { store, asked, emit, load, preferences, state } = await openAsk({ commands: { stopAsk } });
    preferences.setPreferences({ pace: 'step' });
    await load('base');
    await store.ask('1+1');
    const [request] = asked;
    if (request === undefined) throw new Error('nothing was asked');
    emit(...answersTo(request, 1).slice(0, 2));
    expect(store.showNextToken()).toBe(true);
    await store.stopAsk();
    expect(stopAsk).toHaveBeenCalledTimes(1);
    emit(...answersTo(request, 1).slice(2));
    expect(shownSample(state()).tokens).toHaveLength(1);
    await store.stopAsk();
    expect(stopAsk).toHaveBeenCalledTimes(1);
  });

  it('comes token by token at a press, and all at once when the rest is wanted', async () => {
    const { store, asked, emit, load, state } = await openAsk();
    store.choosePace('step');
    await load('base');
    await store.ask('1+1');
    expect(store.showNextToken()).toBe(false);
    if (asked[0]) emit(...answersTo(asked[0], 1));
    expect(shownSample(state()).tokens).toEqual([]);
    expect(store.showNextToken()).toBe(true);
    expect(shownSample(state()).tokens).toHaveLength(1);
    store.showRestOfAnswer();
    expect(shownSample(state()).summary).toBeDefined();
    expect(store.showNextToken()).toBe(false);
  });

  it('of several is chosen, around the ends', async () => {
    const { store, asked, emit, load, preferences, state } = await openAsk();
    preferences.setAskSettings({ samples: 3 });
    await load('base');
    await store.ask('1+1');
    if (asked[0]) emit(...answersTo(asked[0], 1));
    store.moveSample(-1);
    expect(state().chosen).toBe(2);
    store.moveSample(1);
    expect(state().chosen).toBe(0);
    store.chooseSample(1);
    expect(state().chosen).toBe(1);
  });

  it('of a model that trains is named with its step', async () => {
    const { store, asked, emit, load, state } = await openAsk();
    await load('base');
    emit({ type: 'runChanged', run: runRecord({ step: 5 }) });
    await store.ask('1+1');
    if (asked[0]) emit(...answersTo(asked[0], 1));
    expect(state().answeredBy).toEqual({ name: 'base · calm-otter-1', step: 5 });
  });

  it('tells the experts of its tokens, asked for once', async () => {
    const answer: Result<readonly LayerChoices[]> = ok([]);
    const expertChoices = vi.fn(async () => answer);
    const { store, asked, emit, load, state } = await openAsk({ commands: { expertChoices } });
    await store.readExpertChoices();
    await load('base');
    await store.ask('1+1');
    if (asked[0]) emit(...answersTo(asked[0], 1));
    await store.readExpertChoices();
    await store.readExpertChoices();
    expect(expertChoices.mock.calls).toEqual([[1, 0]]);
    expect(shownSample(state()).choices).toEqual(answer);
  });
});

describe('the reading pace', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shows an answer in its own time, without further events', async () => {
    const { store, asked, emit, load, state } = await openAsk();
    store.choosePace('reading');
    await load('base');
    await store.ask('1+1');
    if (asked[0]) emit(...answersTo(asked[0], 1));
    const early = shownSample(state()).tokens.length;
    await vi.advanceTimersByTimeAsync(500);
    const later = shownSample(state()).tokens.length;
    expect(later).toBeGreaterThan(early);
    expect(shownSample(state()).summary).toBeUndefined();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(phaseOf(state(), shownSample(state()))).toBe('done');
  });
});

describe('the thinking pane', () => {
  it('is remembered as it was left by hand, until a mode is chosen', async () => {
    const { store, preferences } = await openAsk();
    const paneOpen = () => preferences.usePreferences.getState().paneOpen;
    store.togglePane();
    expect(paneOpen()).toBe(false);
    store.togglePane();
    expect(paneOpen()).toBe(true);
    store.choosePaneMode('auto');
    expect(preferences.usePreferences.getState()).toMatchObject({ paneMode: 'auto', paneOpen: undefined });
  });
});

describe('the recorded answer of the first visit', () => {
  it('plays before there is a model, and stays beside its own', async () => {
    const { store, load, state } = await openAsk({ recording: answerRecording });
    await store.playRecordedAnswer();
    expect(state()).toMatchObject({ origin: 'recorded', answeredBy: { name: answerRecording.madeBy.model } });
    expect(shownSample(state()).summary).toBeDefined();
    await load(answerRecording.madeBy.model);
    expect(state().request).toBeDefined();
    expect(store.recordedAnswer()).toBe(answerRecording);
  });

  it('gives way to another model, and is not played beside one', async () => {
    const { store, load, state } = await openAsk({ recording: answerRecording });
    await store.playRecordedAnswer();
    await load('another');
    expect(state().request).toBeUndefined();
    await store.playRecordedAnswer();
    expect(state().request).toBeUndefined();
  });

  it('does not take the place of a question', async () => {
    const { store, load, state } = await openAsk({ recording: answerRecording });
    await load(answerRecording.madeBy.model);
    await store.ask('1+1');
    await store.playRecordedAnswer();
    expect(state().request?.question).toBe('1+1');
  });

  it('is not read again for its experts: the engine never gave it', async () => {
    const expertChoices = vi.fn(async () => ok([]));
    const { store, load } = await openAsk({ recording: answerRecording, commands: { expertChoices } });
    await store.playRecordedAnswer();
    await load(answerRecording.madeBy.model);
    await store.readExpertChoices();
    expect(expertChoices).not.toHaveBeenCalled();
  });

  it('hears nothing of the engine', async () => {
    const { store, emit, state } = await openAsk({ recording: answerRecording });
    await store.playRecordedAnswer();
    const { tokens } = shownSample(state());
    emit({ type: 'deviceLost', error: refused('device').error });
    expect(state().problem).toBeUndefined();
    expect(shownSample(state()).tokens).toBe(tokens);
  });
});
