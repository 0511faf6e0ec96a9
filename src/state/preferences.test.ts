import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../trainer/grpoConfig';
import { parsePreferences } from './preferences';

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
    expect(defaults).toMatchObject({ theme: 'system', paneMode: 'auto', ask: { temperature: 1, seed: 7 } });
    for (const text of ['{', '[]', '{"version":2}', '{"version":1,"theme":"pink"}', '{"version":1,"ask":{"topP":3}}']) {
      expect(parsePreferences(text)).toEqual(defaults);
    }
  });

  it('fill in what an older page did not store', () => {
    expect(parsePreferences('{"version":1,"theme":"dark"}')).toMatchObject({ theme: 'dark', shortcuts: true });
  });
});
