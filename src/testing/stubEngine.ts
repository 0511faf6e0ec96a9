// An engine that answers what a test has it answer, behind a real session: for the tests of the page's stores.

import type { DescribedError, DeviceWish, EngineApi, EngineEvent, Result } from '../protocol/protocol';
import { PreferenceStore } from '../state/preferences';
import { Session } from '../state/session';
import { CATALOGUE } from './madeUp';

/** Refusals are told apart by what was refused. */
export const refused = (what: string): { readonly ok: false; readonly error: DescribedError } => ({
  ok: false,
  error: { code: 'not_now', userMessage: `No ${what}.`, remedy: 'Wait.' },
});

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** A promise that a test settles when it wants to. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A place in memory where preferences are stored. */
export function memoryStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const stored = new Map<string, string>();
  return { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value) };
}

/** Lets everything that waits for nothing but its turn go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An engine of these commands, and the way to have it tell events; every other command rejects. */
export function stubEngine(commands: Partial<EngineApi> = {}) {
  let listener: (batch: readonly EngineEvent[]) => void = () => {};
  const open: EngineApi['open'] = async (onEvents, wish) => {
    listener = onEvents;
    return commands.open?.(onEvents, wish) ?? ok({ ...CATALOGUE, models: [] });
  };
  const unexpected = (name: string) => () => Promise.reject(new Error(`${name} was not expected.`));
  const api = new Proxy({ ...commands, open } as EngineApi, {
    get: (known, name) => Reflect.get(known, name) ?? unexpected(String(name)),
  });
  return { api, emit: (...events: readonly EngineEvent[]) => listener(events) };
}

/** A session with such an engine. It is not open yet. */
export function stubSession(commands: Partial<EngineApi> = {}, askedDevice?: DeviceWish) {
  const { api, emit } = stubEngine(commands);
  const counts = { started: 0, ended: 0 };
  const preferences = new PreferenceStore(memoryStorage);
  const session = new Session({
    startEngine: async () => {
      counts.started++;
      return { api, terminate: () => void counts.ended++ };
    },
    askedDevice,
    preferences,
  });
  return { session, preferences, counts, emit };
}

/** The same, open. */
export async function openStubSession(commands: Partial<EngineApi> = {}) {
  const stub = stubSession(commands);
  await stub.session.openEngine();
  return stub;
}
