// What a model knows, through the engine's commands: measured cell by cell, stopped, gone on with, kept under its weights.
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { beforeEach, expect, it, vi } from 'vitest';
import { directorySource } from '../formats/huggingface/nodeDirectory';
import { readFolder } from '../formats/huggingface/readFolder';
import { weightsId } from '../lib/tensors/weightsId';
import type { EngineEvent, ModelSource } from '../protocol/protocol';
import { memorySlots } from '../storage/memorySlots';
import { cellKey } from '../tasks/sizes';
import { nextOf, openSession, QUESTION, tinyModel, value } from '../testing/tinySession';

beforeEach(() => {
  vi.unstubAllGlobals();
  vi.stubGlobal('fetch', async () => new Response('[]'));
});

const DISTILLED = 'public/models/distilled';
const FILES = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

const distilled = async (): Promise<ModelSource> => ({
  kind: 'files',
  name: 'distilled',
  files: FILES.map((name) => ({ name, content: new Uint8Array(readFileSync(`${DISTILLED}/${name}`)) })),
});

const measured = (events: readonly EngineEvent[]) => events.filter((event) => event.type === 'knowledgeMeasured');
const ended = (events: readonly EngineEvent[]) => events.filter((event) => event.type === 'knowledgeEnded');

it('goes on where it was stopped, answers meanwhile, and is there again for the same weights alone', async () => {
  const { session, events } = await openSession(memorySlots());
  value(await session.loadModel(await tinyModel(undefined, 8)));
  const begun = value(await session.measureKnowledge(1));
  expect(begun.cells).toEqual([]);
  expect(begun.tasks).toContain('chained_sums');
  expect(begun.tasks).not.toContain('word_problems');
  expect(await session.measureKnowledge(1)).toMatchObject({ ok: false, error: { code: 'not_now' } });
  await nextOf(events, 'knowledgeMeasured');
  value(await session.ask(QUESTION));
  await nextOf(events, 'askFinished');
  await session.stopKnowledge();
  await vi.waitUntil(() => ended(events).length === 1, { timeout: 60_000 });
  expect(ended(events)[0]).toMatchObject({ isStopped: true, model: begun.model });
  const first = value(await session.knowledge());
  expect(first.cells.map(cellKey)).toEqual(measured(events).map(({ cell }) => cellKey(cell)));

  value(await session.measureKnowledge(1));
  await vi.waitUntil(() => ended(events).length === 2, { timeout: 60_000 });
  expect(ended(events)[1]).toMatchObject({ isStopped: false });
  const whole = value(await session.knowledge());
  const keys = measured(events).map(({ cell }) => cellKey(cell));
  expect(new Set(keys).size).toBe(keys.length);
  expect(whole.cells).toHaveLength(keys.length);
  expect(whole.cells.every(({ right, problems }) => problems === 1 && right <= problems)).toBe(true);

  // Another page of the same browser, and a model that a step has changed.
  const other = await openSession(memorySlots());
  value(await other.session.loadModel(await tinyModel(undefined, 8)));
  expect(value(await other.session.knowledge())).toEqual(whole);
  value(await other.session.loadModel(await distilled()));
  const another = value(await other.session.knowledge());
  expect(another.model).not.toBe(whole.model);
  expect(another.cells).toEqual([]);

  value(await session.forgetKnowledge(whole.model));
  expect(value(await session.knowledge()).cells).toEqual([]);
});

it('knows weights again whatever type they were stored as', async () => {
  const { session } = await openSession(memorySlots());
  value(await session.loadModel(await distilled()));
  const { tensors } = await readFolder(directorySource(DISTILLED));
  expect(value(await session.knowledge()).model).toBe(await weightsId(tensors));
});
