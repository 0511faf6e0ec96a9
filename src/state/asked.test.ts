import { describe, expect, it } from 'vitest';
import { create } from 'zustand';
import type { AskRequest } from '../protocol/protocol';
import { madeUpSummary, madeUpTokens } from '../testing/madeUpAnswer';
import { memoryStorage } from '../testing/stubEngine';
import { readAddress } from './address';
import { AskedStore, linkToAsk, MOST_ASKED, parseAsked, type AskedStore as Store } from './asked';
import { type AskState, initialAsk } from './askReducer';
import { readAskLink } from './links/askLink';

const request = (question: string, seed = 7): AskRequest => ({
  ...{ question, seed, temperature: 0.5, topP: 0.9, topK: 0, maxTokens: 96, samples: 1 },
  thinking: { budget: 12, waits: 0 },
});

function openAsked(storage = memoryStorage()) {
  const useAsk = create<AskState>()(() => initialAsk('open', undefined));
  const store = new AskedStore(
    { useAsk },
    () => storage,
    () => 1_000,
  );
  /** An answer comes in, and ends. */
  const answer = (asked: AskRequest, change: Partial<AskState> = {}) => {
    const tokens = madeUpTokens(asked, 0);
    const sample = { tokens, thinkingMs: 1, summary: madeUpSummary(asked, tokens, false, 1), choices: undefined };
    const state: AskState = {
      ...initialAsk('open', undefined),
      ...{ request: asked, samples: [sample], answeredBy: { name: 'base' } },
      ...change,
    };
    useAsk.setState({ ...state, pane: { ...state.pane, phase: 'thinking' } }, true);
    useAsk.setState({ ...state, pane: { ...state.pane, phase: 'done' } }, true);
  };
  const all = (of: Store = store) => of.useAsked.getState().asked;
  return { store, storage, answer, all, useAsk };
}

describe('what was asked', () => {
  it('is kept, newest first, with what came and the link that asks it again', () => {
    const { answer, all, storage } = openAsked();
    answer(request('9-8+3-7'));
    answer(request('1+1'));
    expect(all().map(({ question }) => question)).toEqual(['1+1', '9-8+3-7']);
    expect(all()[1]).toMatchObject({ model: 'base', seed: 7, temperature: 0.5, answer: '-3', isRight: true });
    const link = readAskLink(readAddress(all()[1]?.link ?? '').values);
    expect(link).toMatchObject({
      ok: true,
      link: { question: '9-8+3-7', model: 'base', settings: { seed: 7, thinking: 'budget', thinkingBudget: 12 } },
    });
    expect(openAsked(storage).all()).toEqual(all());
  });

  it('stands there once for each way in which it was asked', () => {
    const { answer, all } = openAsked();
    answer(request('1+1'));
    answer(request('2+2'));
    answer(request('1+1'));
    answer(request('1+1', 8));
    answer(request('1+1'), { answeredBy: { name: 'base', step: 5 } });
    expect(all().map(({ question, seed, step }) => [question, seed, step])).toEqual([
      ['1+1', 7, 5],
      ['1+1', 8, undefined],
      ['1+1', 7, undefined],
      ['2+2', 7, undefined],
    ]);
  });

  it('is kept where the answer ends before its model is known', () => {
    const { answer, all, useAsk } = openAsked();
    answer(request('1+1'), { answeredBy: undefined });
    expect(all()).toEqual([]);
    useAsk.setState({ answeredBy: { name: 'r1' } });
    expect(all()).toMatchObject([{ question: '1+1', model: 'r1' }]);
  });

  it('is asked of another model with the same settings', () => {
    const { answer, all } = openAsked();
    answer(request('1+1', 3));
    const [asked] = all();
    const link = asked && linkToAsk(asked, 'wide-r1');
    expect(readAskLink(readAddress(link ?? '').values)).toMatchObject({
      link: { question: '1+1', model: 'wide-r1', settings: { seed: 3, temperature: 0.5, topP: 0.9 } },
    });
  });

  it('is not kept of a recording, a stopped answer, or one that the reader began', () => {
    const { answer, all } = openAsked();
    answer(request('1+1'), { origin: 'recorded' });
    answer({ ...request('1+1'), opening: [4] });
    const tokens = madeUpTokens(request('1+1'), 0);
    const summary = { ...madeUpSummary(request('1+1'), tokens, false, 1), stopReason: 'stopped' as const };
    answer(request('1+1'), { samples: [{ tokens, thinkingMs: 1, summary, choices: undefined }] });
    expect(all()).toEqual([]);
  });

  it('is forgotten one by one, all at once, and beyond the limit', () => {
    const { store, answer, all, storage } = openAsked();
    for (let number = 0; number < MOST_ASKED + 5; number++) answer(request(`1+${number}`));
    expect(all()).toHaveLength(MOST_ASKED);
    const [newest] = all();
    if (newest) store.forget(newest);
    expect(all()[0]?.question).toBe(`1+${MOST_ASKED + 3}`);
    store.forgetAll();
    expect(openAsked(storage).all()).toEqual([]);
  });

  it('lasts as long as the page where storage is forbidden', () => {
    const storage = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
    };
    const { answer, all } = openAsked(storage);
    answer(request('1+1'));
    expect(all()).toHaveLength(1);
  });

  it.each(['', 'null', '{', '[]', '{"version":2,"asked":[]}', '{"version":1,"asked":[7,{"question":"1+1"}]}'])(
    'is nothing in %s',
    (text) => {
      expect(parseAsked(text)).toEqual([]);
    },
  );

  it('brings no link to elsewhere', () => {
    const { answer, storage } = openAsked();
    answer(request('1+1'));
    const text = storage.getItem('soliloquy.asked')?.replace('#ask?', 'javascript:alert(1)//') ?? '';
    expect(parseAsked(text)).toEqual([]);
  });
});
