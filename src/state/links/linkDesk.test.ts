import { describe, expect, it, vi } from 'vitest';
import { grpoConfig } from '../../protocol/options';
import type { EngineApi } from '../../protocol/protocol';
import { CATALOGUE, MODEL } from '../../testing/madeUp';
import { memoryStorage, ok, openStubSession } from '../../testing/stubEngine';
import { readAddress } from '../address';
import { defaultSettings } from '../draft';
import { PreferenceStore, parsePreferences } from '../preferences';
import { writeComparisonLink } from './comparisonLink';
import { LinkDesk } from './linkDesk';
import { writeRunLink } from './runLink';

const CODE = 'function reward() { return 1; }';

async function openDesk(commands: Partial<EngineApi> = {}) {
  const loadModel: EngineApi['loadModel'] = async (source) =>
    ok({ ...MODEL, name: source.kind === 'shipped' ? source.id : '' });
  const { session } = await openStubSession({ open: async () => ok(CATALOGUE), loadModel, ...commands });
  const storage = memoryStorage();
  const preferences = new PreferenceStore(() => storage);
  const holds = { now: 0, shown: 0 };
  const world = {
    session,
    preferences,
    asking: { ask: vi.fn(async () => {}), writeQuestion: vi.fn() },
    runs: { loadAnotherModel: session.loadModel },
    starter: { chooseStart: vi.fn() },
    compare: async (ids: readonly string[]) => ids.filter((id) => id !== 'run-1'),
    holdStarts: () => {
      holds.now++;
      return () => void holds.now--;
    },
  };
  const desk = new LinkDesk(world);
  const open = (hash: string) => desk.open(readAddress(hash));
  const stored = () => parsePreferences(storage.getItem('soliloquy.preferences'));
  return { desk, open, holds, stored, ...world };
}

const runLink = (custom_reward = '') =>
  writeRunLink({
    settings: { ...defaultSettings(CATALOGUE), config: grpoConfig({ seed: 5, custom_reward }) },
    start: 'base',
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
    writeComparisonLink([
      { id: 'run-1', name: 'calm-otter-7' },
      { id: 'run-2', name: 'shy-owl-3' },
    ]),
  );
  expect(desk.useLink.getState()).toMatchObject({ isPartly: true, faults: [{ name: 'runs', found: 'shy-owl-3' }] });
  for (const runs of ['x', 'a:b,a:b', '../a:b', 'a:', ':b', 'a:b,c:d,e:f,g:h,i:j', `a:${'x'.repeat(201)}`]) {
    await open(`#compare?runs=${encodeURIComponent(runs)}`);
    expect(desk.useLink.getState()).toMatchObject({ isPartly: false, faults: [{ need: { kind: 'list' } }] });
  }
});
