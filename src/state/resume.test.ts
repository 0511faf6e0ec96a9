import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../protocol/options';
import type { StoredRun } from '../protocol/protocol';
import { resumePointOf } from './resume';

const stored = (change: Partial<StoredRun>): StoredRun => ({
  id: 'a',
  name: 'calm-otter-7',
  createdAt: '2026-11-23T10:00:00Z',
  baseModel: 'base',
  parents: [],
  settings: {
    task: 'chained_sums',
    difficulty: {},
    preset: 'R1-Zero',
    config: grpoConfig({ max_steps: 60 }),
    evalProblems: 64,
    evalEvery: 10,
    checkpointEvery: 10,
  },
  step: 29,
  status: 'running',
  isElsewhere: false,
  savedStep: 20,
  ...change,
});

describe('a stored run', () => {
  it.each(['running', 'paused', 'failed'] as const)(
    'that is %s goes on from its last checkpoint, not from its last step',
    (status) => {
      expect(resumePointOf(stored({ status }))).toEqual({ step: 29, savedStep: 20 });
    },
  );

  it('that finished goes on only where its last steps were never saved', () => {
    expect(resumePointOf(stored({ status: 'finished', step: 60, savedStep: 60 }))).toBeUndefined();
    expect(resumePointOf(stored({ status: 'finished', step: 60, savedStep: 50 }))).toEqual({ step: 60, savedStep: 50 });
  });

  it('that has no checkpoint, has learned nothing, or is another tab’s cannot go on here', () => {
    const { savedStep: _, ...unsaved } = stored({});
    expect(resumePointOf(unsaved)).toBeUndefined();
    expect(resumePointOf(stored({ step: 0, savedStep: 0 }))).toBeUndefined();
    expect(resumePointOf(stored({ isElsewhere: true }))).toBeUndefined();
  });
});
