import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrainingState } from '../runs/driver';
import { DiskFullError } from './diskFull';
import { releaseFolders } from './folderLock';
import { type AboutRun, RunFolder, withChanges } from './runFolder';

const FIXTURE = fileURLToPath(new URL('../testing/fixtures/deepseek_v3', import.meta.url));

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'soliloquy-'));
});
afterEach(() => {
  releaseFolders();
  rmSync(path, { recursive: true });
});

const state = (step: number): TrainingState => ({
  step,
  seconds: 5,
  memory: {
    meta: { numTokens: 10 * step },
    // A subarray: its buffer holds more than its numbers.
    arrays: {
      firstMoment: new Float32Array([9, 0.1, -2, Number.NaN, 9]).subarray(1, 4),
      state: new Float32Array([step]),
    },
  },
});
const FILES = new Map(
  ['config.json', 'model.safetensors'].map((name) => [name, new Uint8Array(readFileSync(join(FIXTURE, name)))]),
);
const ABOUT: AboutRun = {
  kind: 'grpo',
  settings: { model: 'base', list: [1, null] },
  changes: [{ step: 0, name: 'learning_rate', from: 1, to: 0.5 }],
};
const save = (folder: RunFolder, step: number) => folder.save(state(step), FILES, [], ABOUT);

it('a run is read back as it was last saved, to the bit', async () => {
  await save(new RunFolder(path), 1);
  await save(new RunFolder(path), 2);
  const run = await new RunFolder(path).load('grpo');
  expect([run.step, run.seconds, run.about, run.memory.meta]).toEqual([2, 5, ABOUT, { numTokens: 20 }]);
  expect(run.memory.arrays).toEqual({
    firstMoment: new Float32Array([0.1, -2, Number.NaN]),
    state: new Float32Array([2]),
  });
  expect(run.model.description.architecture.width).toBeGreaterThan(0);
  expect(run.model.tensors.size).toBeGreaterThan(20);
});

it('remembers what of its settings was changed, at which step', async () => {
  await save(new RunFolder(path), 3);
  const run = await new RunFolder(path).load('grpo');
  const before = { learning_rate: 0.5, max_grad_norm: 1, beta: 0 };
  expect(withChanges(run, before, before).about.changes).toEqual(ABOUT.changes);
  expect(withChanges(run, before, { ...before, max_grad_norm: 0.2 }).about.changes).toEqual([
    ...ABOUT.changes,
    { step: 3, name: 'max_grad_norm', from: 1, to: 0.2 },
  ]);
});

it('a damaged checkpoint is told of, and the whole one gone on from', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const step of [1, 2]) await save(new RunFolder(path), step);
  const damage = (slot: number) => writeFileSync(join(path, 'checkpoint', `checkpoint-${slot}`), 'rubbish');
  damage(1);
  expect((await new RunFolder(path).load('grpo')).step).toBe(1);
  expect(said.mock.calls.join()).toMatch(/is damaged; going on from the whole one, of step 1/);
  damage(0);
  await expect(new RunFolder(path).load('grpo')).rejects.toThrow('every checkpoint in it is damaged');
  vi.restoreAllMocks();
});

it.each(['model.safetensors', 'config.json', 'README.md', 'tokenizer.json', 'pipeline.json'])(
  'a folder that holds %s is not written over',
  (name) => {
    writeFileSync(join(path, name), '');
    expect(() => new RunFolder(path).claim()).toThrow(`holds ${name} already: it would be lost.`);
  },
);

it('a run of another kind, or none, is refused in words', async () => {
  await expect(new RunFolder(path).load('grpo')).rejects.toThrow('there is no checkpoint in it');
  await expect(new RunFolder(join(path, 'none')).load('grpo')).rejects.toThrow('there is no such folder');
  await save(new RunFolder(path), 1);
  await expect(new RunFolder(path).load('sft')).rejects.toThrow('a run of grpo, not of sft');
});

it('a folder is not free while its run can be gone on with, nor when its model is there', async () => {
  const folder = new RunFolder(path);
  folder.claim();
  await save(folder, 1);
  expect(() => folder.claim()).toThrow('holds a run that is not finished');
  await folder.finish('grpo', FILES);
  expect(existsSync(folder.checkpointPath)).toBe(false);
  expect(() => folder.claim()).toThrow('holds model.safetensors already');
});

describe('on a full disk', () => {
  /** Whatever is written there fails for want of space. */
  const fill = (...names: string[]) => {
    mkdirSync(join(path, ...names.slice(0, -1)), { recursive: true });
    symlinkSync('/dev/full', join(path, ...names));
  };
  const failure = (write: Promise<void>) =>
    write.then(
      () => expect.unreachable(),
      (error: unknown) => error as DiskFullError,
    );

  it('a checkpoint that does not fit is named with its folder, its size and how to go on', async () => {
    const folder = new RunFolder(path);
    await save(folder, 1);
    fill('checkpoint', 'checkpoint-1');
    const error = await failure(save(folder, 2));
    expect(error).toBeInstanceOf(DiskFullError);
    expect(error.userMessage).toMatch(
      /^There is no space left for .*: the checkpoint needs 0\.\d\d MB, and .* MB are free/,
    );
    expect(error.userMessage).toContain(path);
    expect(error.remedy).toContain(`Then go on with: npm run cli -- grpo --resume ${path}`);
    rmSync(join(path, 'checkpoint', 'checkpoint-1'));
    expect((await new RunFolder(path).load('grpo')).step).toBe(1);
  });

  it('nothing is promised of a run of which nothing is saved', async () => {
    fill('checkpoint', 'checkpoint-0');
    const error = await failure(save(new RunFolder(path), 0));
    expect(error.remedy).toContain('begin the run again');
  });

  it('a model that does not fit leaves its checkpoint', async () => {
    const folder = new RunFolder(path);
    await save(folder, 3);
    fill('model.safetensors.partial');
    const error = await failure(folder.finish('sft', FILES));
    expect(error.userMessage).toContain('the model needs');
    expect(error.remedy).toContain(`sft --resume ${path}`);
    expect(existsSync(join(path, 'model.safetensors'))).toBe(false);
    expect((await new RunFolder(path).load('grpo')).step).toBe(3);
  });
});
