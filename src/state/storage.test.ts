import { describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../protocol/protocol';
import { runRecord } from '../testing/madeUpRun';
import { settle } from '../testing/stubEngine';
import { bytesOfRun, type StorageState, StorageWatch, storageNotice } from './storage';

const KEPT = { records: true, checkpoints: true };
const WELL: StorageState = { isPersisted: true, freeBytes: 1e9 };
const MODEL_BYTES = 1.6e6;
const say = (kept: Partial<typeof KEPT>, state: Partial<StorageState>) =>
  storageNotice({ ...KEPT, ...kept }, { ...WELL, ...state }, MODEL_BYTES);

describe('what is said of storage', () => {
  it('is the gravest thing first, and nothing where all is well', () => {
    expect(say({}, {})).toBeUndefined();
    expect(say({}, { isPersisted: false })).toBe('noPromise');
    expect(say({}, { isPersisted: false, freeBytes: bytesOfRun(MODEL_BYTES) - 1 })).toBe('nearlyFull');
    expect(say({ checkpoints: false }, { freeBytes: 0 })).toBe('noCheckpoints');
    expect(say({ records: false, checkpoints: false }, { freeBytes: 0 })).toBe('nothingKept');
  });

  it('claims nothing that the browser does not tell', () => {
    expect(say({}, { isPersisted: undefined, freeBytes: undefined })).toBeUndefined();
  });
});

function watchOf(manager: Partial<StorageManager> | undefined) {
  let listener: (batch: readonly EngineEvent[]) => void = () => {};
  const session = {
    onEngineEvents: (heard: typeof listener) => {
      listener = heard;
    },
  };
  const watch = new StorageWatch(session, manager as StorageManager | undefined);
  return { watch, emit: (...events: EngineEvent[]) => listener(events), state: () => watch.useStorage.getState() };
}

describe('a look at storage', () => {
  it('learns what is left and what is promised', async () => {
    const { watch, state } = watchOf({ persisted: async () => false, estimate: async () => ({ quota: 10, usage: 4 }) });
    await watch.lookAtStorage();
    expect(state()).toEqual({ isPersisted: false, freeBytes: 6 });
  });

  it.each([
    ['has no StorageManager', undefined],
    ['refuses to say', { persisted: () => Promise.reject(new Error('no')), estimate: async () => ({}) }],
  ])('knows nothing, and fails nowhere, where the browser %s', async (_, manager) => {
    const { watch, state } = watchOf(manager);
    await watch.lookAtStorage();
    expect(state()).toEqual({ isPersisted: undefined, freeBytes: undefined });
  });
});

describe('the watch over storage', () => {
  const running: EngineEvent = { type: 'runChanged', run: runRecord() };
  const saved: EngineEvent = { type: 'checkpointSaved', runId: 'run-1', step: 10 };

  it('asks for the promise once, when there is a run worth keeping, and looks again after a checkpoint', async () => {
    let usage = 4;
    let isPersisted = false;
    const persist = vi.fn(async () => (isPersisted = true));
    const estimate = async () => ({ quota: 10, usage });
    const { watch, emit, state } = watchOf({ persisted: async () => isPersisted, estimate, persist });
    watch.watchStorage();
    await settle();
    expect(state()).toEqual({ isPersisted: false, freeBytes: 6 });
    emit(running);
    emit(running);
    await settle();
    expect(persist).toHaveBeenCalledTimes(1);
    expect(state().isPersisted).toBe(true);
    usage = 9;
    emit(saved);
    await settle();
    expect(state().freeBytes).toBe(1);
  });

  it('goes on where the browser knows no such promise', async () => {
    const persist = () => Promise.reject(new Error('no'));
    const estimate = async () => ({ quota: 10, usage: 4 });
    const { watch, emit, state } = watchOf({ persisted: async () => false, estimate, persist });
    watch.watchStorage();
    emit(running);
    await settle();
    expect(state()).toEqual({ isPersisted: false, freeBytes: 6 });
  });
});
