import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { create } from 'zustand';
import { grpoConfig } from '../../protocol/options';
import type { EngineApi } from '../../protocol/protocol';
import { CATALOGUE, MODEL } from '../../testing/madeUp';
import { memoryStorage, ok, openStubSession } from '../../testing/stubEngine';
import { readAddress } from '../address';
import { initialAsk } from '../askReducer';
import { defaultSettings } from '../draft';
import { PreferenceStore, parsePreferences } from '../preferences';
import { emptyShelf } from '../runShelf';
import type { YourModel } from '../session';
import { type ComparisonLink, readComparisonLink, writeComparisonLink } from './comparisonLink';
import { LinkDesk } from './linkDesk';
import { writeRunLink } from './runLink';

const CODE = 'function reward() { return 1; }';

const OWN: YourModel = { key: 'mine', name: 'base · brave-lynx-3', source: { kind: 'kept', id: 'k1' } };

async function openDesk(commands: Partial<EngineApi> = {}) {
  const loadModel: EngineApi['loadModel'] = async (source) =>
    ok({ ...MODEL, name: source.kind === 'shipped' ? source.id : '' });
  const { session } = await openStubSession({ open: async () => ok(CATALOGUE), loadModel, ...commands });
  const storage = memoryStorage();
  const preferences = new PreferenceStore(() => storage);
  const holds = { now: 0, shown: 0 };
  const address = { now: '' };
  const compared = { tell: (_: ComparisonLink) => {} };
  const world = {
    session,
    preferences,
    asking: { ask: vi.fn(async () => {}), writeQuestion: vi.fn(), useAsk: create(() => initialAsk('auto', true)) },
    runs: { loadAnotherModel: session.loadModel, useShelf: create(() => emptyShelf) },
    onCompared: (listener: typeof compared.tell) => {
      compared.tell = listener;
    },
    chooseMeasured: vi.fn(),
    address: {
      read: () => address.now,
      replace: (hash: string) => {
        address.now = hash;
      },
    },
    starter: { chooseStart: vi.fn() },
    ownModels: async () => [OWN],
    compare: async (ids: readonly string[]) => ids.filter((id) => id !== 'run-1'),
    holdStarts: () => {
      holds.now++;
      return () => void holds.now--;
    },
  };
  const desk = new LinkDesk(world);
  const open = (hash: string) => {
    address.now = hash;
    return desk.open(readAddress(hash));
  };
  const stored = () => parsePreferences(storage.getItem('soliloquy.preferences'));
  return { desk, open, holds, stored, where: address, compared, ...world };
}

const runLink = (custom_reward = '') =>
  writeRunLink({
    settings: { ...defaultSettings(CATALOGUE), config: grpoConfig({ seed: 5, custom_reward }) },
    start: 'base',
  });

describe('what was asked before', () => {
  it('is asked again as it was, of its model, with the reader’s own settings left alone and no note of a link', async () => {
    const { desk, asking, session, preferences } = await openDesk();
    const before = preferences.usePreferences.getState().ask;
    await desk.askAgain('#ask?q=1%2B2&model=distilled&seed=11&temperature=0.5');
    expect(session.useSession.getState().model?.name).toBe('distilled');
    expect(asking.writeQuestion).toHaveBeenCalledWith('1+2');
    expect(asking.ask).toHaveBeenCalledExactlyOnceWith(
      '1+2',
      undefined,
      expect.objectContaining({ seed: 11, temperature: 0.5 }),
    );
    expect(preferences.usePreferences.getState().ask).toBe(before);
    expect(desk.useLink.getState()).toMatchObject({ borrowed: undefined, faults: [] });
  });

  it('says where its model is gone', async () => {
    const { desk, asking } = await openDesk();
    expect(await desk.askAgain('#ask?q=1%2B2&model=gone&seed=11')).toBe(false);
    expect(asking.ask).not.toHaveBeenCalled();
    expect(desk.useLink.getState()).toMatchObject({ screen: 'ask', isPartly: true, faults: [{ found: 'gone' }] });
  });
});

describe('a link to a question', () => {
  it('fills the form, loads its model and asks', async () => {
    const { open, asking, session, preferences } = await openDesk();
    await open('#ask?q=1%2B2&model=distilled&seed=11&temperature=0.5');
    expect(session.useSession.getState().model?.name).toBe('distilled');
    expect(asking.writeQuestion).toHaveBeenCalledWith('1+2');
    expect(asking.ask).toHaveBeenCalledExactlyOnceWith('1+2');
    expect(preferences.usePreferences.getState().ask).toMatchObject({ seed: 11, temperature: 0.5, topP: null });
  });

  it('asks no other model than its own', async () => {
    const { open, desk, asking } = await openDesk();
    await open('#ask?q=1%2B2&model=base%20%C2%B7%20calm-otter-7');
    expect(asking.ask).not.toHaveBeenCalled();
    expect(desk.useLink.getState().faults).toMatchObject([{ name: 'model', need: { kind: 'here' } }]);
  });

  it("finds a model of the reader's own by its name", async () => {
    const loadModel = vi.fn<EngineApi['loadModel']>(async ({ kind }) =>
      ok({ ...MODEL, name: kind === 'kept' ? OWN.name : 'r1' }),
    );
    const { open, asking } = await openDesk({ loadModel });
    await open(`#ask?q=1%2B2&model=${encodeURIComponent(OWN.name)}`);
    expect(loadModel.mock.calls).toContainEqual([OWN.source]);
    expect(asking.ask).toHaveBeenCalledExactlyOnceWith('1+2');
  });

  it('does nothing at all where a value is wrong', async () => {
    const { open, desk, asking, preferences } = await openDesk();
    const before = preferences.usePreferences.getState();
    await open('#ask?q=1%2B2&temperature=hot');
    expect(asking.writeQuestion).not.toHaveBeenCalled();
    expect(preferences.usePreferences.getState()).toEqual(before);
    expect(desk.useLink.getState()).toMatchObject({
      borrowed: undefined,
      faults: [{ name: 'temperature', found: 'hot' }],
    });
  });

  it('is opened once, and again when another one was', async () => {
    const { open, asking } = await openDesk();
    for (const hash of ['#ask?q=1', '#ask', '#ask?q=1', '#ask?q=2', '#ask?q=1']) await open(hash);
    expect(asking.ask.mock.calls).toEqual([['1'], ['2'], ['1']]);
  });
});

describe('settings of a link', () => {
  it("leave the reader's own stored, and give them back", async () => {
    const { open, desk, preferences, stored, starter } = await openDesk();
    const own = { ...defaultSettings(CATALOGUE), evalProblems: 3 };
    preferences.setPreferences({ draft: own });
    await open(runLink());
    expect(starter.chooseStart).toHaveBeenLastCalledWith('base');
    const linked = preferences.usePreferences.getState().draft;
    expect(linked?.config.seed).toBe(5);
    // What is changed meanwhile, and anything else that is stored, leaves it there.
    preferences.setPreferences({ draft: linked && { ...linked, evalProblems: 9 } });
    preferences.setPreferences({ theme: 'dark' });
    expect(stored()).toMatchObject({ draft: { evalProblems: 3 }, theme: 'dark' });
    desk.giveBack();
    expect(preferences.usePreferences.getState().draft).toEqual(own);
    expect(stored().draft).toEqual(own);
  });

  it('come back to none where the reader had none, also after a second link', async () => {
    const { open, desk, preferences, stored } = await openDesk();
    await open(runLink());
    await open(`${runLink()}&eval_problems=1`.replace('eval_problems=64&', ''));
    expect(preferences.usePreferences.getState().draft?.evalProblems).toBe(1);
    desk.giveBack();
    expect(preferences.usePreferences.getState().draft).toBeUndefined();
    expect(stored().draft).toBeUndefined();
  });

  it("can be made the reader's own", async () => {
    const { open, desk, stored } = await openDesk();
    await open(runLink());
    desk.keep();
    expect(stored().draft?.config.seed).toBe(5);
    expect(desk.useLink.getState().borrowed).toBeUndefined();
  });
});

describe('code that a link brings', () => {
  it('keeps runs from starting until the reader lets it run', async () => {
    const { open, desk, holds, stored } = await openDesk();
    await open(runLink(CODE));
    expect(desk.useLink.getState().code).toEqual({ text: CODE, mayRun: false });
    expect(holds.now).toBe(1);
    desk.keep();
    expect(stored().draft).toBeUndefined();
    desk.allowCode();
    expect(holds.now).toBe(0);
    desk.keep();
    expect(stored().draft?.config.custom_reward).toBe(CODE);
  });

  it('is gone with the settings it came with', async () => {
    const { open, desk, holds, preferences } = await openDesk();
    await open(runLink(CODE));
    desk.giveBack();
    expect(holds.now).toBe(0);
    expect(preferences.usePreferences.getState().draft).toBeUndefined();
  });
});

it('a link to a comparison says which of its runs are not here', async () => {
  const { open, desk } = await openDesk();
  await open(
    writeComparisonLink({
      runs: [
        { id: 'run-1', name: 'calm-otter-7' },
        { id: 'run-2', name: 'shy-owl-3' },
      ],
      models: [],
      settings: undefined,
    }),
  );
  expect(desk.useLink.getState()).toMatchObject({ isPartly: true, faults: [{ name: 'runs', found: 'shy-owl-3' }] });
  for (const runs of ['x', 'a:b,a:b', '../a:b', 'a:', ':b', 'a:b,c:d,e:f,g:h,i:j', `a:${'x'.repeat(201)}`]) {
    await open(`#compare?runs=${encodeURIComponent(runs)}`);
    expect(desk.useLink.getState()).toMatchObject({ isPartly: false, faults: [{ need: { kind: 'list' } }] });
  }
});

describe('a link to models that are measured', () => {
  const SETTINGS = { numProblems: 8, samples: 2, temperature: 0.5, maxTokens: null, budgets: [0, 16], waits: [] };
  const MODELS = ['shipped:base', 'shipped:r1-zero'];
  const written = writeComparisonLink({ runs: [], models: MODELS, settings: SETTINGS });

  it('chooses them and how they are measured, and measures nothing', async () => {
    const { open, chooseMeasured, desk } = await openDesk();
    await open(written);
    expect(chooseMeasured).toHaveBeenCalledExactlyOnceWith({ models: MODELS, settings: SETTINGS });
    expect(desk.useLink.getState().faults).toEqual([]);
  });

  it('gives back what was put into it', () => {
    const key = fc.constantFrom('loaded', 'shipped:base', 'kept:a.b-1', 'run:r_1', 'beforeRun:r_1');
    const list = (max: number) => fc.uniqueArray(fc.nat(max), { maxLength: 8 });
    const settings = fc.record({
      numProblems: fc.integer({ min: 1, max: 4096 }),
      samples: fc.integer({ min: 1, max: 256 }),
      temperature: fc.double({ min: 0, max: 10, noNaN: true }).map((found) => found + 0),
      maxTokens: fc.option(fc.integer({ min: 1, max: 4096 })),
      budgets: list(4096),
      waits: list(16),
    });
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 2 }), settings, (models, how) => {
        const link = { runs: [], models, settings: how };
        const { values } = readAddress(writeComparisonLink(link));
        expect(readComparisonLink(values)).toEqual({ ok: true, link });
      }),
    );
  });

  it('is refused whole where a part of it is wrong', async () => {
    const { open, chooseMeasured, desk } = await openDesk();
    const hostile = [
      ['models', 'base'],
      ['models', 'shipped:'],
      ['models', 'shipped:../../etc'],
      ['models', 'shipped:a,shipped:a'],
      ['models', 'shipped:a,shipped:b,shipped:c'],
      ['models', `shipped:${'x'.repeat(65)}`],
      ['models', 'files:a'],
      ['models', '__proto__:a'],
      ['num_problems', '1e9'],
      ['num_problems', '0'],
      ['samples', '1.5'],
      ['temperature', 'Infinity'],
      ['temperature', '-1'],
      ['max_new_tokens', '99999999999999999999'],
      ['thinking_budgets', '1,-1'],
      ['thinking_budgets', Array.from({ length: 33 }, (_, i) => i).join(',')],
      ['waits', '17'],
      ['waits', '1;2'],
    ] as const;
    for (const [name, value] of hostile) {
      const values = new URLSearchParams(readAddress(written).values);
      values.set(name, value);
      await open(`#compare?${values}`);
      expect(desk.useLink.getState().faults, `${name}=${value}`).toMatchObject([{ name }]);
    }
    expect(chooseMeasured).not.toHaveBeenCalled();
  });
});

describe('the address of a link', () => {
  const request = (question: string, seed: number) => ({
    ...{ question, seed, temperature: 1, topP: 1, topK: 0, maxTokens: 64, samples: 1, thinking: null },
  });

  it('follows what is asked next, so that opening it again asks that', async () => {
    const { open, where, asking } = await openDesk();
    await open('#ask?q=1%2B2&seed=11');
    asking.useAsk.setState({ request: request('3+4', 12), origin: 'live' });
    expect(where.now).toContain('#ask?q=3%2B4&');
    expect(where.now).toContain('seed=12');
    // The page hears of the new address, and asks nothing twice.
    await open(where.now);
    expect(asking.ask.mock.calls).toEqual([['1+2']]);
    asking.useAsk.setState({ request: request('5+6', 1), origin: 'recorded' });
    expect(where.now).toContain('q=3%2B4');
  });

  it('stays as it is where it brought nothing, or another screen is shown', async () => {
    const { open, where, asking } = await openDesk();
    for (const hash of ['#ask', '#train?seed=1', '#story/wall']) {
      await open(hash);
      asking.useAsk.setState({ request: request('3+4', Math.random()), origin: 'live' });
      expect(where.now).toBe(hash);
    }
  });

  it('follows the settings and what is compared, and says nothing more once they are given back', async () => {
    const { open, where, desk, preferences, compared } = await openDesk();
    await open(runLink());
    const linked = preferences.usePreferences.getState().draft;
    preferences.setPreferences({ draft: linked && { ...linked, evalProblems: 9 } });
    expect(where.now).toContain('eval_problems=9');
    desk.giveBack();
    expect(where.now).toBe('#train');
    await open('#compare?runs=run-1:a');
    compared.tell({ runs: [{ id: 'run-3', name: 'c' }], models: [], settings: undefined });
    expect(where.now).toBe('#compare?runs=run-3:c');
    compared.tell({ runs: [], models: [], settings: undefined });
    expect(where.now).toBe('#compare');
    await open('#ask?temperature=hot');
    desk.dismiss();
    expect(where.now).toBe('#ask');
  });
});
