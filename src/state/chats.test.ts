import { describe, expect, it } from 'vitest';
import { create } from 'zustand';
import type { AskRequest } from '../protocol/protocol';
import { madeUpSummary, madeUpTokens } from '../testing/madeUpAnswer';
import { memoryStorage } from '../testing/stubEngine';
import { type AskState, initialAsk } from './askReducer';
import { ChatStore, learnable, MOST_CHATS, parseChats, readChats, writeChats } from './chats';
import { PreferenceStore } from './preferences';

const request = (question: string, change: Partial<AskRequest> = {}): AskRequest => ({
  ...{ question, seed: 7, temperature: 0.5, topP: 0.9, topK: 0, maxTokens: 96, samples: 1, thinking: null },
  ...change,
});

function openChats({ isOn = true, storage = memoryStorage() } = {}) {
  const useAsk = create<AskState>()(() => initialAsk('open', undefined));
  const preferences = new PreferenceStore(() => memoryStorage());
  preferences.setPreferences({ keepsChats: isOn });
  let now = 1_000;
  const store = new ChatStore(
    { useAsk },
    preferences,
    () => storage,
    () => now++,
  );
  /** An answer comes in, and ends. */
  const answer = (asked: AskRequest, change: Partial<AskState> = {}) => {
    const samples = Array.from({ length: asked.samples }, (_, sample) => {
      const tokens = madeUpTokens(asked, sample);
      return { tokens, thinkingMs: 1, summary: madeUpSummary(asked, tokens, false, 1), choices: undefined };
    });
    const state: AskState = {
      ...initialAsk('open', undefined),
      ...{ request: asked, samples, answeredBy: { name: 'base' } },
      ...change,
    };
    useAsk.setState({ ...state, pane: { ...state.pane, phase: 'thinking' } }, true);
    useAsk.setState({ ...state, pane: { ...state.pane, phase: 'done' } }, true);
  };
  return { store, storage, preferences, answer, all: () => store.useChats.getState().chats };
}

const stored = (storage: ReturnType<typeof memoryStorage>) => storage.getItem('soliloquy.chats');
const CHAT = {
  ...{ at: 1, model: 'base', question: 'How are you?' },
  completion: '<think>I am well.</think><answer>Well.</answer>',
};

describe('thinking', () => {
  it('is not kept unless the reader says so, and what they ask after they said no is not', () => {
    const { answer, all, storage, preferences } = openChats({ isOn: false });
    expect(new PreferenceStore(() => memoryStorage()).usePreferences.getState().keepsChats).toBe(false);
    answer(request('9-8+3-7'));
    expect([all(), stored(storage)]).toEqual([[], null]);
    preferences.setPreferences({ keepsChats: true });
    answer(request('1+1'));
    preferences.setPreferences({ keepsChats: false });
    answer(request('2+2'));
    expect(all().map(({ question }) => question)).toEqual(['1+1']);
    expect(stored(storage)).not.toContain('2+2');
  });

  it('is kept with the verdict of the verifier, each answer of several once, and found again', () => {
    const { answer, all, storage } = openChats();
    answer(request('9-8+3-7', { samples: 3 }));
    answer(request('9-8+3-7'));
    const completions = all().map(({ completion }) => completion);
    expect(new Set(completions).size).toBe(completions.length);
    expect(all()[0]).toMatchObject({
      ...{ model: 'base', question: '9-8+3-7', task: 'chained_sums' },
      verdict: { by: 'verifier', isRight: true },
    });
    expect(openChats({ storage }).all()).toEqual(all());
  });

  it('that the reader cut, prolonged, began or stopped is not the model’s alone, and not kept', () => {
    const { answer, all } = openChats();
    answer(request('1+1', { thinking: { budget: 3, waits: 0 } }));
    answer(request('1+1', { opening: [1] }));
    answer(request('1+1'), { origin: 'recorded' });
    expect(all()).toEqual([]);
  });

  it('is judged by the reader where nothing can check it, and nowhere else', () => {
    const { store, answer, all } = openChats();
    store.add([CHAT]);
    answer(request('9-8+3-7'));
    expect(learnable(all())).toHaveLength(1);
    for (const chat of all()) store.judge(chat, true);
    expect(all().map(({ verdict }) => verdict?.by)).toEqual(['verifier', 'reader']);
    for (const chat of all()) store.judge(chat, false);
    expect(all().map(({ verdict }) => verdict?.isRight)).toEqual([true, false]);
  });

  it('is kept up to a limit, the newest of it', () => {
    const { store, all } = openChats();
    const many = Array.from({ length: MOST_CHATS + 5 }, (_, i) => ({ ...CHAT, question: `${i}` }));
    store.add(many);
    store.add([CHAT]);
    expect(all()).toHaveLength(MOST_CHATS);
    expect(
      all()
        .slice(0, 2)
        .map(({ question }) => question),
    ).toEqual([CHAT.question, '0']);
  });

  it('is kept without its question where the reader wants that, and deleted one by one or whole', () => {
    const { store, answer, all, storage } = openChats();
    answer(request('9-8+3-7'));
    store.add([CHAT]);
    store.leaveQuestionsOut();
    expect(all().map(({ question }) => question)).toEqual(['', '']);
    expect(stored(storage)).not.toContain('How are you?');
    const [first, second] = all();
    if (first) store.forget(first);
    expect(all()).toEqual([second]);
    store.forgetAll();
    expect(all()).toEqual([]);
    expect(stored(storage)).not.toContain('completion');
  });

  it('lasts as long as the page where the browser lets nothing be stored, and that is known', () => {
    const full = { ...memoryStorage(), setItem: () => void thrown() };
    const { store, all } = openChats({ storage: full });
    store.add([CHAT]);
    expect(all()).toEqual([CHAT]);
    expect(store.useChats.getState().isUnsaved).toBe(true);
  });
});

const thrown = () => {
  throw new Error('QuotaExceededError');
};

describe('a file of kept thinking', () => {
  it('is read as it was written', () => {
    const { store, answer, all } = openChats();
    answer(request('9-8+3-7'));
    store.add([CHAT, { ...CHAT, question: '' }]);
    expect(readChats(writeChats(all()))).toEqual({ chats: all(), bad: [] });
    expect(readChats(`\n${writeChats(all()).replaceAll('\n', '\r\n')}`).chats).toEqual(all());
  });

  it('names every line that is none', () => {
    const bad = ['{}', '[]', 'null', '{"question":', JSON.stringify({ ...CHAT, completion: '42' })];
    const long = JSON.stringify({ ...CHAT, question: 'a'.repeat(4001) });
    const text = [JSON.stringify(CHAT), ...bad, long].join('\n');
    expect(readChats(text)).toEqual({ chats: [CHAT], bad: [2, 3, 4, 5, 6, 7] });
  });

  it('that is hostile is taken for what it is', () => {
    const text =
      '{"__proto__": {"question": "a"}, "at": 1, "model": "m", "completion": "<think></think><answer></answer>"}';
    expect(readChats(text).bad).toEqual([1]);
    expect(parseChats('{"version": 1, "chats": [1, {}, null]}')).toEqual([]);
    expect(parseChats('{"version": 2')).toEqual([]);
  });
});
