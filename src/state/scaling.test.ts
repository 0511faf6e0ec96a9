import { describe, expect, it, vi } from 'vitest';
import type { EngineApi, ScalingMeasure, ScalingRequest, StoredRun } from '../protocol/protocol';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import { modelKey, noScaling, reduceScaling, ScalingStore, suggestedModels } from './scaling';

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

describe('the store of test-time scaling', () => {
  const request: ScalingRequest = {
    models: [{ kind: 'loaded' }],
    task: 'chained_sums',
    difficulty: {},
    controls: [],
    numProblems: 4,
    samples: 2,
    temperature: 1,
    maxTokens: null,
    seed: 1,
  };

  async function openScaling(commands: Partial<EngineApi> = {}, isInvalid = false) {
    const measureScaling = vi.fn<EngineApi['measureScaling']>(async () => ok(null));
    const stub = await openStubSession({ measureScaling, stopScaling: async () => {}, ...commands });
    const scaling = new ScalingStore(stub.session, () => isInvalid);
    return { ...stub, scaling, measureScaling, state: () => scaling.useScaling.getState() };
  }

  it('asks for one measurement at a time, and takes in what comes of it', async () => {
    const { scaling, measureScaling, emit, state } = await openScaling();
    await scaling.startScaling(request, ['base']);
    await scaling.startScaling(request, ['base']);
    expect(measureScaling).toHaveBeenCalledTimes(1);
    emit({ type: 'scalingProgressed', done: 2, total: 4 }, { type: 'scalingEnded', isStopped: false });
    expect(state()).toMatchObject({ status: 'ended', done: 2, total: 4, names: ['base'] });
    await scaling.startScaling(request, ['base']);
    expect(state()).toMatchObject({ status: 'running', done: 0 });
  });

  it('starts nothing while a field shows what it cannot take', async () => {
    const { scaling, measureScaling, state } = await openScaling({}, true);
    await scaling.startScaling(request, ['base']);
    expect(measureScaling).not.toHaveBeenCalled();
    expect(state().status).toBe('none');
  });

  it('says why it was refused', async () => {
    const { scaling, state } = await openScaling({ measureScaling: async () => refused('memory') });
    await scaling.startScaling(request, ['base']);
    expect(state()).toMatchObject({ status: 'failed', problem: { userMessage: 'No memory.' } });
  });

  it('stops when the engine has', async () => {
    const { scaling, emit, state } = await openScaling();
    await scaling.startScaling(request, ['base']);
    await scaling.stopScaling();
    expect(state().status).toBe('stopping');
    emit({ type: 'scalingEnded', isStopped: true });
    expect(state().status).toBe('stopped');
  });

  it('keeps what the reader sets', async () => {
    const { scaling, state } = await openScaling();
    scaling.chooseScaling({ choice: ['loaded', undefined] });
    expect(state().choice).toEqual(['loaded', undefined]);
  });
});
