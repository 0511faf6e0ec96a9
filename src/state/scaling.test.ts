import { describe, expect, it } from 'vitest';
import type { ScalingMeasure, StoredRun } from '../worker/protocol';
import { modelKey, noScaling, reduceScaling, suggestedModels } from './scaling';

const measure = (accuracy: number): ScalingMeasure => ({
  accuracy,
  accuracyInterval: { low: 0, high: 1 },
  meanThinkingTokens: 4,
  votes: [],
});
const running = { ...noScaling, status: 'running' as const, names: ['before', 'now'] };

describe('a measurement of test-time scaling', () => {
  it('gathers what is measured by model, and ends', () => {
    const events = [
      { type: 'scalingMeasured', model: 0, measure: measure(0.1) },
      { type: 'scalingMeasured', model: 0, measure: measure(0.2) },
      { type: 'scalingMeasured', model: 1, measure: measure(0.3) },
      { type: 'scalingProgressed', done: 3, total: 4 },
      { type: 'scalingEnded', isStopped: true },
    ] as const;
    const state = events.reduce(reduceScaling, running);
    expect(state.measures.map((all) => all.map(({ accuracy }) => accuracy))).toEqual([[0.1, 0.2], [0.3]]);
    expect(state).toMatchObject({ done: 3, total: 4, status: 'stopped' });
  });

  it('fails with a lost device, and keeps what was measured; one that has ended is not touched by it', () => {
    const lost = { type: 'deviceLost', error: { code: 'device_lost', userMessage: 'gone', remedy: '' } } as const;
    const one = reduceScaling(running, { type: 'scalingMeasured', model: 1, measure: measure(0.3) });
    expect(reduceScaling(one, lost)).toMatchObject({ status: 'failed', problem: lost.error, measures: one.measures });
    const ended = reduceScaling(one, { type: 'scalingEnded', isStopped: false });
    expect(reduceScaling(ended, lost)).toBe(ended);
  });
});

describe('the models that suggest themselves', () => {
  const run = (id: string, step: number) => ({ id, step }) as StoredRun;
  const keys = (...given: Parameters<typeof suggestedModels>) =>
    suggestedModels(...given).map((model) => model && modelKey(model));

  it('are those before and after the open run, else the latest that was trained, else a shipped one', () => {
    expect(keys('a', [run('b', 3)], 'base')).toEqual(['beforeRun:a', 'loaded']);
    expect(keys(undefined, [run('c', 0), run('b', 3)], 'base')).toEqual(['beforeRun:b', 'run:b']);
    expect(keys(undefined, [run('c', 0)], 'base')).toEqual(['shipped:base', undefined]);
    expect(keys(undefined, [], undefined)).toEqual(['loaded', undefined]);
  });
});
