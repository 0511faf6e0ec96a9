import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RolloutGroup, RunRecord, StepMetrics } from '../runs/run';
import type { RunStore } from '../runs/store';
import { grpoConfig } from '../trainer/grpo/grpoConfig';
import { StorageFullError, StoreReplacedError } from './errors';
import { memoryRunStore } from './memoryRuns';
import { openRunStore } from './runs';

function runRecord(id: string, step = 0, createdAt = '2026-11-23T10:00:00.000Z'): RunRecord {
  const settings = {
    task: 'chained_sums',
    difficulty: { terms: 4 },
    preset: 'R1-Zero',
    config: grpoConfig({ num_generations: 4 }),
    evalProblems: 64,
    evalEvery: 10,
    checkpointEvery: 10,
  };
  const made = { id, name: 'calm-otter-7', createdAt, baseModel: 'base', parents: [], settings };
  return { ...made, step, status: 'running', devices: [] };
}

const metricsOf = (step: number): StepMetrics => ({ step, metrics: { reward: step / 10 } });

function groupOf(step: number, index: number): RolloutGroup {
  return {
    step,
    index,
    question: `${index}+${step}=?`,
    gold: `${index + step}`,
    rewardMean: 0,
    rewardStd: 0,
    members: [],
  };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const openers: [string, () => Promise<RunStore>][] = [
  ['IndexedDB', openRunStore],
  ['memory', async () => memoryRunStore()],
];

describe.each(openers)('runs in %s', (name, open) => {
  it('say whether they outlive the page', async () => {
    expect((await open()).isDurable).toBe(name === 'IndexedDB');
  });

  it('are listed newest first, and found by id', async () => {
    const store = await open();
    await store.putRun(runRecord('old', 0, '2026-01-01T00:00:00.000Z'));
    await store.putRun(runRecord('new', 0, '2026-03-01T00:00:00.000Z'));
    await store.putRun(runRecord('middle', 0, '2026-02-01T00:00:00.000Z'));
    expect((await store.listRuns()).map((run) => run.id)).toEqual(['new', 'middle', 'old']);
    expect(await store.findRun('old')).toEqual(runRecord('old', 0, '2026-01-01T00:00:00.000Z'));
    expect(await store.findRun('none')).toBeUndefined();
  });

  it('keep every step in numerical order, with the groups of each', async () => {
    const store = await open();
    for (const step of [2, 10, 1]) {
      await store.appendStep(runRecord('a', step), metricsOf(step), [groupOf(step, 1), groupOf(step, 0)]);
      await store.appendStep(runRecord('ab', step), metricsOf(step), []);
    }
    expect(await store.listSteps('a')).toEqual([1, 2, 10].map(metricsOf));
    expect(await store.listRollouts('a', 10)).toEqual([groupOf(10, 0), groupOf(10, 1)]);
    expect(await store.listRollouts('a', 3)).toEqual([]);
    expect((await store.findRun('a'))?.step).toBe(1);
  });

  it('replace a step that is taken again, groups and all', async () => {
    const store = await open();
    await store.appendStep(runRecord('a', 1), metricsOf(1), [groupOf(1, 0), groupOf(1, 1)]);
    await store.appendStep(runRecord('a', 1), { step: 1, metrics: { reward: 9 } }, [groupOf(1, 0)]);
    expect(await store.listSteps('a')).toEqual([{ step: 1, metrics: { reward: 9 } }]);
    expect(await store.listRollouts('a', 1)).toEqual([groupOf(1, 0)]);
  });

  it('forget what came after the checkpoint they go on from', async () => {
    const store = await open();
    for (const run of ['a', 'b']) {
      for (const step of [1, 2, 3, 11])
        await store.appendStep(runRecord(run, step), metricsOf(step), [groupOf(step, 0)]);
    }
    await store.dropStepsAfter('a', 2);
    expect(await store.listSteps('a')).toEqual([1, 2].map(metricsOf));
    expect(await store.listRollouts('a', 2)).toEqual([groupOf(2, 0)]);
    expect(await store.listRollouts('a', 11)).toEqual([]);
    expect(await store.listSteps('b')).toEqual([1, 2, 3, 11].map(metricsOf));
  });

  it('are deleted whole, and alone', async () => {
    const store = await open();
    for (const run of ['a', 'b']) await store.appendStep(runRecord(run, 1), metricsOf(1), [groupOf(1, 0)]);
    await store.deleteRun('a');
    expect((await store.listRuns()).map((run) => run.id)).toEqual(['b']);
    expect(await store.listSteps('a')).toEqual([]);
    expect(await store.listRollouts('a', 1)).toEqual([]);
    expect(await store.listRollouts('b', 1)).toEqual([groupOf(1, 0)]);
  });
});

describe('runs in IndexedDB', () => {
  it('are still there when the page is opened again', async () => {
    const before = await openRunStore();
    await before.appendStep(runRecord('a', 1), metricsOf(1), [groupOf(1, 0)]);
    before.close();
    const after = await openRunStore();
    expect(await after.findRun('a')).toEqual(runRecord('a', 1));
    expect(await after.listRollouts('a', 1)).toEqual([groupOf(1, 0)]);
  });

  it('store a step whole or not at all', async () => {
    const store = await openRunStore();
    await store.appendStep(runRecord('a', 1), metricsOf(1), [groupOf(1, 0)]);
    // A function cannot be stored, so the second group fails after the record and the metrics were put.
    const broken: RolloutGroup = { ...groupOf(2, 1), members: [(() => 0) as never] };
    await expect(store.appendStep(runRecord('a', 2), metricsOf(2), [groupOf(2, 0), broken])).rejects.toThrow();
    expect((await store.findRun('a'))?.step).toBe(1);
    expect(await store.listSteps('a')).toEqual([metricsOf(1)]);
    expect(await store.listRollouts('a', 2)).toEqual([]);
  });

  it('written by an older version get the defaults of newer options; unreadable ones do not hide the rest', async () => {
    const store = await openRunStore();
    await store.putRun(runRecord('a'));
    const database = await openDB('soliloquy', 1);
    const { delta: _delta, ...olderConfig } = runRecord('b').settings.config;
    await database.put(
      'runs',
      { ...runRecord('b'), settings: { ...runRecord('b').settings, config: olderConfig } },
      'b',
    );
    await database.put('runs', { id: 'c', nonsense: true }, 'c');
    database.close();
    expect((await store.findRun('b'))?.settings.config.delta).toBeNull();
    expect((await store.listRuns()).map((run) => run.id).sort()).toEqual(['a', 'b']);
    expect(await store.findRun('c')).toBeUndefined();
  });

  it('live in memory where the browser refuses to open a database', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    const store = await openRunStore();
    expect(store.isDurable).toBe(false);
    await store.putRun(runRecord('a'));
    expect(await store.listRuns()).toHaveLength(1);
  });

  it('give a full disk its name', async () => {
    const store = await openRunStore();
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('Quota exceeded.', 'QuotaExceededError');
    });
    await expect(store.putRun(runRecord('a'))).rejects.toThrow(StorageFullError);
  });

  it('let a newer version of the page take over, and ask for a reload', async () => {
    const store = await openRunStore();
    const newer = await openDB('soliloquy', 2);
    await expect(store.listRuns()).rejects.toThrow(StoreReplacedError);
    newer.close();
  });
});
