import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineApi, KnowledgeMap } from '../protocol/protocol';
import { CATALOGUE, MODEL } from '../testing/madeUp';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import type { DeviceWork } from './deviceWork';
import { KnowledgeStore, NUM_PROBLEMS, shownMap } from './knowledge';

const MAP: KnowledgeMap = {
  model: 'weights-1',
  name: 'base',
  device: 'here',
  measuredAt: '2026-01-01',
  tasks: ['chained_sums'],
  cells: [],
};
const CELL = { task: 'chained_sums', row: 4, column: 1, right: 3, problems: 8 };
const SHIPPED = { ...MAP, device: 'elsewhere', cells: [CELL] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function openStore(shipped: unknown = SHIPPED, commands: Partial<EngineApi> = {}) {
  const told: string[] = [];
  let map = MAP;
  const { session, emit } = await openStubSession({
    open: async () => ok(CATALOGUE),
    loadModel: async () => ok(MODEL),
    knowledge: async () => ok(map),
    measureKnowledge: async (numProblems) => {
      told.push(`measure ${numProblems}`);
      return ok(map);
    },
    stopKnowledge: async () => {
      told.push('stop');
      emit({ type: 'knowledgeEnded', model: map.model, isStopped: true });
    },
    forgetKnowledge: async (model) => {
      told.push(`forget ${model}`);
      return ok(null);
    },
    ...commands,
  });
  await session.loadModel({ kind: 'shipped', id: 'base' });
  const device: { work: readonly DeviceWork[]; isAsked: boolean; look: () => void } = {
    work: [],
    isAsked: false,
    look: () => {},
  };
  const store = new KnowledgeStore({
    session,
    fetchFile: async (path) => new Response(path === 'models/base.knows.json' ? JSON.stringify(shipped) : '', {}),
    work: () => device.work,
    isAsked: () => device.isAsked,
    onWork: (listener) => {
      device.look = listener;
    },
  });
  const set = (change: Partial<typeof device>) => {
    Object.assign(device, change);
    device.look();
  };
  const trainedTo = (model: string) => {
    map = { ...MAP, model };
  };
  return { store, emit, told, set, session, trainedTo, state: () => store.useKnowledgeMap.getState() };
}

describe('what a model knows', () => {
  it('is first what came with these very weights, and then what is measured here', async () => {
    const { store, emit, state } = await openStore();
    await store.readKnowledge();
    expect(shownMap(state())?.device).toBe('elsewhere');
    store.startKnowledge();
    await vi.runAllTimersAsync();
    expect(shownMap(state())).toEqual(MAP);
    emit({ type: 'knowledgeMeasured', model: 'weights-1', cell: CELL, measuredAt: '2026-02-02' });
    emit({ type: 'knowledgeMeasured', model: 'other', cell: { ...CELL, row: 5 }, measuredAt: '2026-02-02' });
    emit({ type: 'knowledgeEnded', model: 'weights-1', isStopped: false });
    expect(shownMap(state())).toEqual({ ...MAP, measuredAt: '2026-02-02', cells: [CELL] });
    expect(state().status).toBe('resting');
  });

  it.each([
    ['of other weights', { ...SHIPPED, model: 'weights-0' }],
    ['no map', { cells: 'none' }],
    ['nothing', ''],
  ])('is not told by a file that holds %s', async (_, shipped) => {
    const { store, state } = await openStore(shipped);
    await store.readKnowledge();
    expect(state()).toMatchObject({ here: MAP, shipped: undefined, problem: undefined });
  });

  it('gives way to a question, and goes on when the device has been quiet for a while', async () => {
    const { store, told, set, state } = await openStore();
    store.startKnowledge();
    await vi.runAllTimersAsync();
    set({ isAsked: true });
    set({ isAsked: true });
    expect(state().status).toBe('waiting');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([`measure ${NUM_PROBLEMS}`, 'stop']);
    set({ isAsked: false });
    await vi.advanceTimersByTimeAsync(200);
    set({ isAsked: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveLength(2);
    set({ isAsked: false });
    await vi.runAllTimersAsync();
    expect(told).toEqual([`measure ${NUM_PROBLEMS}`, 'stop', `measure ${NUM_PROBLEMS}`]);
    expect(state().status).toBe('measuring');
  });

  it('begins no earlier than the device is free, and is of the weights as they are then', async () => {
    const { store, emit, told, set, state, trainedTo } = await openStore();
    await store.readKnowledge();
    set({ work: [{ kind: 'step', step: 3 }] });
    store.startKnowledge();
    await vi.runAllTimersAsync();
    expect(told).toEqual([]);
    trainedTo('weights-2');
    emit({ type: 'stepFinished', runId: 'run', step: { step: 3, metrics: {} }, groups: [], expertLoad: [] });
    expect(shownMap(state())).toBeUndefined();
    set({ work: [] });
    await vi.runAllTimersAsync();
    expect(told).toEqual([`measure ${NUM_PROBLEMS}`]);
    expect(shownMap(state())?.model).toBe('weights-2');
  });

  it('is left with its model, stopped by the reader, and deleted', async () => {
    const { store, emit, told, state } = await openStore();
    store.startKnowledge();
    await vi.runAllTimersAsync();
    emit({ type: 'modelLoaded', model: { ...MODEL, name: 'r1' } });
    await vi.runAllTimersAsync();
    expect(state()).toMatchObject({ here: undefined, shipped: undefined, status: 'resting' });
    store.startKnowledge();
    await vi.runAllTimersAsync();
    await store.stopKnowledge();
    await vi.runAllTimersAsync();
    expect(state().status).toBe('resting');
    await store.forgetKnowledge();
    expect(told.at(-1)).toBe('forget weights-1');
    expect(state().here).toEqual(MAP);
  });

  it('says why it cannot be measured', async () => {
    const { store, emit, state } = await openStore(SHIPPED, { measureKnowledge: async () => refused('map') });
    store.startKnowledge();
    await vi.runAllTimersAsync();
    expect(state()).toMatchObject({ status: 'resting', problem: { userMessage: 'No map.' } });
    emit({ type: 'knowledgeFailed', error: refused('cell').error });
    expect(state().problem?.userMessage).toBe('No cell.');
  });
});
