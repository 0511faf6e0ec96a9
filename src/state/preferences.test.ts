import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../protocol/options';
import { memoryStorage } from '../testing/stubEngine';
import { PreferenceStore, parsePreferences } from './preferences';

describe('stored preferences', () => {
  it('come back as they were stored', () => {
    const draft = {
      task: 'chained_sums',
      difficulty: { terms: 5 },
      preset: 'DAPO',
      config: grpoConfig({ learning_rate: 1e-4 }),
      evalProblems: 64,
      evalEvery: 10,
      checkpointEvery: 10,
    };
    const stored = { ...parsePreferences(null), theme: 'dark' as const, paneOpen: false, draft };
    expect(parsePreferences(JSON.stringify(stored))).toEqual(stored);
  });

  it('fall back to defaults when they are broken, of another version, or out of range', () => {
    const defaults = parsePreferences(null);
    expect(defaults).toMatchObject({
      theme: 'system',
      paneMode: 'open',
      pace: 'reading',
      ask: { temperature: null, seed: 7 },
    });
    for (const text of [
      '{',
      '[]',
      '{"version":3}',
      '{"version":2,"theme":"pink"}',
      '{"version":2,"ask":{"topP":3}}',
      '{"version":1,"theme":1}',
    ]) {
      expect(parsePreferences(text)).toEqual(defaults);
    }
  });

  it('fill in what an older page did not store', () => {
    expect(parsePreferences('{"version":2,"theme":"dark"}')).toMatchObject({ theme: 'dark', shortcuts: true });
  });

  it('of the first version keep what was chosen; its default for the thinking, which it stored too, becomes today’s', () => {
    const first = { ...parsePreferences(null), version: 1, theme: 'dark', paneOpen: false };
    const migrated = (paneMode: string) => parsePreferences(JSON.stringify({ ...first, paneMode }));
    expect(migrated('auto')).toEqual({ ...first, version: 2, paneMode: 'open' });
    expect(migrated('closed').paneMode).toBe('closed');
    expect(parsePreferences('{"version":1}')).toEqual(parsePreferences(null));
  });
});

describe('preferences', () => {
  it('are there again for the next page', () => {
    const storage = memoryStorage();
    const first = new PreferenceStore(() => storage);
    first.setPreferences({ theme: 'dark' });
    first.setAskSettings({ seed: 9 });
    const second = new PreferenceStore(() => storage).usePreferences.getState();
    expect(second).toMatchObject({ theme: 'dark', ask: { seed: 9, samples: 1 } });
  });

  it.each([
    ['forbidden', raise],
    ['full', () => ({ getItem: () => null, setItem: raise })],
  ])('last as long as the page where storage is %s', (_, storage) => {
    const store = new PreferenceStore(storage);
    store.setPreferences({ theme: 'dark' });
    expect(store.usePreferences.getState().theme).toBe('dark');
  });
});

function raise(): never {
  throw new DOMException('No.', 'SecurityError');
}
