import { expect, it } from 'vitest';
import type { PipelineRun, StoredRun } from '../protocol/protocol';
import { runRecord } from '../testing/madeUpRun';
import { ok, openStubSession, refused } from '../testing/stubEngine';
import { YourModelStore, yourModels } from './yourModels';

const KEPT = { id: 'k', name: 'mine', keptAt: '', sizeBytes: 1, readme: undefined };
const run = (more: Partial<StoredRun>): StoredRun => ({ ...runRecord(), isElsewhere: false, savedStep: 5, ...more });
const evaluation = { accuracy: 0.5 } as never;
const pipeline = {
  pipeline: { name: 'r1', stages: [{ name: 'zero' }, { name: 'set' }] },
  done: [
    { name: 'base', evaluation },
    { name: 'zero', evaluation },
    { name: 'set', rejection: {} },
  ],
} as never as PipelineRun;

it('lists what is kept, runs with a checkpoint, and the models of pipelines, each under the name it has when loaded', () => {
  const runs = [run({ id: 'a' }), run({ id: 'b', savedStep: 0 }), run({ id: 'c', isElsewhere: true })];
  const yours = yourModels([KEPT], runs, [pipeline]);
  expect(yours.map(({ name }) => name)).toEqual(['mine', 'base · calm-otter-1', 'r1/zero']);
  expect(yours.map(({ source }) => source.kind)).toEqual(['kept', 'run', 'checkpoint']);
  expect(new Set(yours.map(({ key }) => key)).size).toBe(3);
});

it('keeps and deletes through the engine, and says why it could not', async () => {
  const kept = new Map([['k', KEPT]]);
  const { session } = await openStubSession({
    keptModels: async () => ok([...kept.values()]),
    listRuns: async () => ok([]),
    listPipelines: async () => ok([]),
    keepModel: async () => refused('room'),
    deleteModel: async (id) => {
      kept.delete(id);
      return ok(null);
    },
  });
  const store = new YourModelStore(session);
  await store.refreshYourModels();
  expect(session.useSession.getState().yours.map(({ name }) => name)).toEqual(['mine']);
  expect(await store.keepModel('other')).toBe(false);
  expect(store.useKeptModels.getState().problem?.userMessage).toBe('No room.');
  expect(await store.deleteModel('k')).toBe(true);
  expect(session.useSession.getState().yours).toEqual([]);
  expect(store.useKeptModels.getState().problem).toBeUndefined();
});
