import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { getPipeline } from '../runs/ready';
import { UsageError } from './command';
import { holdFolder, LOCK_FILE, releaseFolders } from './folderLock';
import { claimPipelineFolder, forgetInputs, pipelineFolder } from './pipelineFolder';
import { RunFolder } from './runFolder';

let path: string;
let lock: string;
let said: ReturnType<typeof spyOnNotes>;
const spyOnNotes = () => vi.spyOn(process.stderr, 'write').mockReturnValue(true);
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  lock = join(path, LOCK_FILE);
  said = spyOnNotes();
});
afterEach(() => {
  releaseFolders();
  vi.restoreAllMocks();
  rmSync(path, { recursive: true });
});

const lockOf = (pid: number | undefined, host = hostname()) => writeFileSync(lock, JSON.stringify({ pid, host }));

const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

function withLiving(use: (child: ChildProcess) => void): void {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  try {
    use(child);
  } finally {
    child.kill();
  }
}

it('a folder is held until it is given back, by name of the process', () => {
  holdFolder(path);
  holdFolder(path);
  expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual({ pid: process.pid, host: hostname() });
  releaseFolders();
  expect(readdirSync(path)).toEqual([]);
});

it('every command that writes a run is refused while another process writes', async () => {
  await new RunFolder(path).save({ step: 1, seconds: 0, memory: { meta: null, arrays: {} } }, new Map(), [], {
    kind: 'sft',
    settings: {},
    changes: [],
  });
  withLiving(({ pid }) => {
    lockOf(pid);
    for (const take of [() => new RunFolder(path).claim(), () => claimPipelineFolder(path, getPipeline('r1'))]) {
      expect(take).toThrow(UsageError);
      expect(take).toThrow(`is being written to by another run (process ${pid})`);
      expect(take).toThrow(`delete ${lock}`);
    }
  });
});

it('nor can its run be gone on with', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  lockOf(child.pid);
  await expect(new RunFolder(path).load('grpo')).rejects.toThrow('is being written to by another run');
  child.kill();
});

it('what a process left that is no more is taken over, and that is said', () => {
  const pid = deadPid();
  lockOf(pid);
  holdFolder(path);
  expect(said.mock.calls.join()).toContain(`Process ${pid}, which wrote to ${path}, ended without giving it back`);
  expect(JSON.parse(readFileSync(lock, 'utf8')).pid).toBe(process.pid);
  expect(readdirSync(path)).toEqual([LOCK_FILE]);
});

it.runIf(process.platform === 'linux')('so is what one left that has ended and that nobody has noticed', () => {
  const child = spawn('sleep', ['60']);
  lockOf(child.pid);
  expect(() => holdFolder(path)).toThrow('is being written to');
  child.kill('SIGKILL');
  // As long as this test does not end, its process is not told of the end of the other.
  const isOver = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').includes(') Z ');
  for (let tries = 0; tries < 200 && !isOver(); tries++)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  holdFolder(path);
  expect(said.mock.calls.join()).toContain(`Process ${child.pid}, which wrote`);
});

it('so is what a process of the same number left, and what says nothing', () => {
  lockOf(process.pid);
  holdFolder(path);
  releaseFolders();
  for (const text of ['', '{"pid":', '{"pid":-1,"host":"x"}', 'null']) {
    writeFileSync(lock, text);
    holdFolder(path);
    releaseFolders();
  }
  expect(said).toHaveBeenCalledTimes(5);
});

it('of a process on another machine nothing is known: it counts as alive', () => {
  lockOf(deadPid(), 'elsewhere');
  expect(() => holdFolder(path)).toThrow(/process \d+ on elsewhere/);
});

it('a folder that was made and not written to is gone again, with those above it', () => {
  holdFolder(join(path, 'runs', 'mine'));
  expect(existsSync(join(path, 'runs', 'mine', LOCK_FILE))).toBe(true);
  releaseFolders();
  expect(readdirSync(path)).toEqual([]);
});

it('a pipeline is not begun where something of the name of a stage, an input or a run is', async () => {
  const pipeline = getPipeline('r1');
  for (const name of ['cold-start', 'base', 'verified', 'state', 'model.safetensors']) {
    writeFileSync(join(path, name), '');
    expect(() => claimPipelineFolder(path, pipeline)).toThrow(`holds ${name} already: it would be lost.`);
    rmSync(join(path, name));
  }
  await pipelineFolder(path).write('base/config.json', new Uint8Array(1));
  expect(() => claimPipelineFolder(path, pipeline)).toThrow('holds base already');
  forgetInputs(path, pipeline);
  claimPipelineFolder(path, pipeline);
});
