import { afterEach, describe, expect, it, vi } from 'vitest';
import { bytesOfRun, lookAtStorage, type StorageState, storageNotice, useStorage } from './storage';

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

describe('a look at storage', () => {
  const before = useStorage.getState();
  afterEach(() => {
    vi.unstubAllGlobals();
    useStorage.setState(before, true);
  });

  it('learns what is left and what is promised', async () => {
    const storage = { persisted: async () => false, estimate: async () => ({ quota: 10, usage: 4 }) };
    vi.stubGlobal('navigator', { storage });
    await lookAtStorage();
    expect(useStorage.getState()).toEqual({ isPersisted: false, freeBytes: 6 });
  });

  it.each([
    ['has no StorageManager', {}],
    ['refuses to say', { storage: { persisted: () => Promise.reject(new Error('no')), estimate: async () => ({}) } }],
  ])('knows nothing, and fails nowhere, where the browser %s', async (_, browser) => {
    vi.stubGlobal('navigator', browser);
    await lookAtStorage();
    expect(useStorage.getState()).toEqual({ isPersisted: undefined, freeBytes: undefined });
  });
});
