// The recorded answer of the first visit, beside the model that there is to ask.
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ModelInfo } from '../worker/protocol';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  vi.stubGlobal('fetch', async () => new Response(await readFile('public/recorded/answer.json')));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** The page as it is opened, and a way to have a model of this name loaded. */
async function openPage() {
  const [{ playRecordedAnswer, useAsk }, { useSession }] = await Promise.all([import('./ask'), import('./session')]);
  const load = (name: string) => useSession.setState({ model: { name } as ModelInfo });
  return { playRecordedAnswer, load, shown: () => useAsk.getState().request !== undefined };
}

it('plays before there is a model, and stays beside its own', async () => {
  const { playRecordedAnswer, load, shown } = await openPage();
  await playRecordedAnswer();
  expect(shown()).toBe(true);
  load('r1');
  expect(shown()).toBe(true);
});

it('gives way to another model', async () => {
  const { playRecordedAnswer, load, shown } = await openPage();
  await playRecordedAnswer();
  load('r1/final-rl');
  expect(shown()).toBe(false);
});

it('is not played where another model is already there to ask', async () => {
  const { playRecordedAnswer, load, shown } = await openPage();
  load('r1/final-rl');
  await playRecordedAnswer();
  expect(shown()).toBe(false);
});
