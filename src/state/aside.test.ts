import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, EngineEvent } from '../protocol/protocol';
import { CATALOGUE, MODEL } from '../testing/madeUp';
import { madeUpSummary, madeUpTokens } from '../testing/madeUpAnswer';
import { ok, openStubSession, refused, settle } from '../testing/stubEngine';
import { Aside } from './aside';
import { InspectStore } from './inspect';
import { RunStore } from './run';

async function openAside(commands: Partial<EngineApi> = {}) {
  const ask = vi.fn<EngineApi['ask']>(async () => ok(1));
  const loadModel = vi.fn<EngineApi['loadModel']>(async (source) =>
    ok({ ...MODEL, name: source.kind === 'shipped' ? source.id : 'other' }),
  );
  const stub = await openStubSession({
    open: async () => ok(CATALOGUE),
    listRuns: async () => ok([]),
    ask,
    loadModel,
    ...commands,
  });
  const { session, preferences } = stub;
  preferences.setPreferences({ pace: 'live' });
  const runs = new RunStore({ session, preferences, inspect: new InspectStore(session) });
  const nothing = { fetchRecording: async () => undefined, showInvalidField: () => false, isStill: () => true };
  const aside = new Aside({ session, runs, preferences, ...nothing });
  return { ...stub, aside, ask, loadModel };
}

describe('a question asked beside the one on Ask', () => {
  it('is asked of the model that is named, with its own settings, and leaves those of the reader', async () => {
    const { aside, ask, loadModel, preferences } = await openAside();
    preferences.setAskSettings({ seed: 5 });
    void aside.ask('base', '1+2', { samples: 8, thinking: 'none', seed: 3 });
    await settle();
    expect(loadModel.mock.lastCall?.[0]).toEqual({ kind: 'shipped', id: 'base' });
    expect(ask.mock.lastCall?.[0]).toMatchObject({ question: '1+2', samples: 8, seed: 3, thinking: { budget: 0 } });
    const { ask: settings, model } = preferences.usePreferences.getState();
    expect(settings).toMatchObject({ seed: 5, samples: 1 });
    expect(model).toBeUndefined();
  });

  it('begins with the tokens that are wanted', async () => {
    const { aside, ask } = await openAside();
    void aside.ask('base', '1+2', {}, [3, 4]);
    await settle();
    expect(ask.mock.lastCall?.[0]?.opening).toEqual([3, 4]);
  });

  it('ends with its answer, and shows nothing of the one before while the next is on its way', async () => {
    const { aside, ask, emit } = await openAside();
    let isOver = false;
    const asked = aside.ask('loaded', '1+2', {}).then(() => {
      isOver = true;
    });
    await settle();
    const request = ask.mock.lastCall?.[0];
    if (!request) throw new Error('It was not asked.');
    const tokens = madeUpTokens(request, 0);
    const ended: EngineEvent[] = [
      { type: 'askStarted', askId: 1, numPromptTokens: 3 },
      { type: 'tokensStreamed', askId: 1, sample: 0, tokens, elapsedMs: 9 },
      { type: 'answerEnded', askId: 1, sample: 0, summary: madeUpSummary(request, tokens, false, 1) },
    ];
    emit(...ended);
    await settle();
    expect(isOver).toBe(false);
    const summary = { prefill: { tokens: 8, ms: 1 }, decode: { tokens: 9, ms: 9 } };
    emit({ type: 'askFinished', askId: 1, summary, expertLoad: [] });
    await asked;
    expect(aside.useAnswer.getState().samples[0]?.summary).toBeDefined();
    void aside.ask('loaded', '3+4', {});
    expect(aside.useAnswer.getState().samples).toEqual([]);
  });

  it('says why its model cannot be loaded, and asks nothing', async () => {
    const { aside, ask, loadModel } = await openAside();
    await settle();
    loadModel.mockResolvedValueOnce(refused('model'));
    await aside.ask('base', '1+2', {});
    expect(aside.useAnswer.getState().problem?.userMessage).toBe('No model.');
    expect(ask).not.toHaveBeenCalled();
  });
});
