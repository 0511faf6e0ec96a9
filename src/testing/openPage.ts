// The page's own stores, in English, with an engine that answers what a test has it answer: for the tests of components.
// Such a test begins with `// @vitest-environment happy-dom`.
import { act, cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';
import type { EngineApi, EngineEvent } from '../protocol/protocol';
import { session } from '../state/page/session';
import { LATER_PARTS, type LaterPart, loadTexts, startInterfaceLanguage } from '../ui/i18n';
import { MODEL } from './madeUp';
import { ok, refused, stubEngine } from './stubEngine';

// What the page asks by itself.
const QUIET: Partial<EngineApi> = { modelInfo: async () => ok(MODEL), listRuns: async () => ok([]) };

let endEngine = () => {};

// As the page's own document is; mathematics warns where it is not.
Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' });
// What comes late on a busy machine is waited for.
configure({ asyncUtilTimeout: 4000 });
// React then tells of what changed behind a test's back.
Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);

afterEach(() => {
  cleanup();
  // The stores are those of the whole file: what a test left under way ends with its engine.
  endEngine();
});

/** Opens the engine of a page that has no model yet. */
export async function openPage(commands: Partial<EngineApi> = {}) {
  const { api, emit } = stubEngine({ ...QUIET, ...commands });
  vi.doMock(import('../protocol/client'), () => ({ startEngine: () => ({ api, terminate: () => {} }) }));
  await startInterfaceLanguage();
  await Promise.all((Object.keys(LATER_PARTS) as LaterPart[]).map(loadTexts));
  await act(() => session.openEngine());
  endEngine = () => emit({ type: 'deviceLost', error: refused('engine').error });
  return {
    /** Tells events of the engine, and lets the page show them. */
    emit: (...events: readonly EngineEvent[]) => act(() => emit(...events)),
    load: (id = 'base') => act(() => session.loadModel({ kind: 'shipped', id })),
  };
}
