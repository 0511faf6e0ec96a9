// What is said of a pipeline's folder when something in it is damaged, and when its disk is full.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DiskFullError } from './diskFull';
import { pipelineFolder } from './pipelineFolder';

let path: string;
const said: string[] = [];
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  said.length = 0;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(path, { recursive: true });
});

const state = (step: number) => ({ step, meta: { step }, payload: [new Uint8Array(20_000).fill(step)] });
const slot = (index: number) => join(path, 'state', 'zero', `checkpoint-${index}`);

it('a damaged state of a stage is told of, and the whole one gone on from', async () => {
  const store = pipelineFolder(path);
  for (const step of [4, 8]) await store.saveState('zero', state(step));
  expect((await pipelineFolder(path).loadState('zero'))?.step).toBe(8);
  expect(said).toEqual([]);
  writeFileSync(slot(1), 'rubbish');
  expect((await pipelineFolder(path).loadState('zero'))?.step).toBe(4);
  expect(said.join('')).toContain(
    `A checkpoint in ${join(path, 'state', 'zero')} is damaged; going on from the whole one, of step 4.`,
  );
});

it('a stage of which nothing whole is left is refused, with what to delete', async () => {
  await pipelineFolder(path).saveState('zero', state(4));
  writeFileSync(slot(0), 'rubbish');
  const loading = pipelineFolder(path).loadState('zero');
  await expect(loading).rejects.toThrow(`Stage zero of ${path} cannot be resumed: every checkpoint in it is damaged.`);
  await expect(loading).rejects.toThrow(`Delete ${join(path, 'state', 'zero')}`);
});

it('a stage of which nothing is left begins anew, and that is said', async () => {
  await pipelineFolder(path).saveState('zero', state(4));
  writeFileSync(slot(0), '');
  expect(await pipelineFolder(path).loadState('zero')).toBeUndefined();
  expect(said.join('')).toContain('zero begins anew');
});

it.each([
  ['the state of zero', ['state', 'zero', 'checkpoint-0'], () => pipelineFolder(path).saveState('zero', state(1))],
  [
    'zero/model.safetensors',
    ['zero', 'model.safetensors.partial'],
    () => pipelineFolder(path).write('zero/model.safetensors', new Uint8Array(20_000)),
  ],
])('a full disk is named with the folder, what %s needs and how to go on', async (what, place, write) => {
  mkdirSync(join(path, ...place.slice(0, -1)), { recursive: true });
  symlinkSync('/dev/full', join(path, ...place));
  const failed = async () =>
    write().then(
      () => expect.unreachable(),
      (error: unknown) => error as DiskFullError,
    );
  const begun = await failed();
  expect(begun).toBeInstanceOf(DiskFullError);
  expect(begun.userMessage).toMatch(/^There is no space left for .* needs 0\.02 MB, and \d+\.\d\d MB are free\.$/);
  expect(begun.userMessage).toContain(`${path}: ${what} needs`);
  expect(begun.remedy).toContain('begin the pipeline again');

  rmSync(join(path, ...place), { force: true });
  symlinkSync('/dev/full', join(path, ...place));
  writeFileSync(join(path, 'pipeline.json'), '{}');
  expect((await failed()).remedy).toContain(`Then go on with: npm run cli -- pipeline --resume ${path}`);
});
