import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { grpoConfig } from '../trainer/grpo/grpoConfig';
import { runProgram } from './program';

const BASE = fileURLToPath(new URL('../../public/models/base', import.meta.url));

let folder: string;
let stderr: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  stderr = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** A run that is over, as `grpo` leaves it. */
function finishedRun(task = 'chained_sums'): string {
  const path = join(folder, 'zero');
  cpSync(BASE, path, { recursive: true });
  const config = grpoConfig({ num_prompts: 4 });
  const rhythm = { evalProblems: 10, evalEvery: 0, checkpointEvery: 25 };
  const settings = { model: 'base', task, difficulty: {}, preset: 'R1-Zero', config, ...rhythm };
  writeFileSync(join(path, 'grpo.json'), JSON.stringify({ settings, step: 3 }));
  return path;
}

const exportJob = (...args: string[]) => runProgram(['export-job', ...args]);

describe('export-job', () => {
  it('writes a folder that holds what its README names', async () => {
    const out = join(folder, 'job');
    expect(await exportJob(finishedRun(), '--to', 'trl', '--problems', '20', '--out', out)).toBe(0);
    expect(stderr).toMatch(/Wrote \d+ files/);
    for (const file of ['README.md', 'train.py', 'judging/verifiers.py', 'grpo.yaml', 'model/model.safetensors'])
      expect(existsSync(join(out, file)), file).toBe(true);
    expect(readFileSync(join(out, 'data/train.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(20);
  });

  it.each([
    ['a folder that is not empty', () => [finishedRun(), '--to', 'trl', '--out', folder], /is there already/],
    ['a folder without a run', () => [BASE, '--to', 'trl', '--out', join(folder, 'job')], /is no run of grpo/],
    ['no folder', () => [join(folder, 'no'), '--to', 'trl', '--out', join(folder, 'job')], /no such folder/],
    ['another trainer', () => [finishedRun(), '--to', 'nemo', '--out', join(folder, 'job')], /nemo/],
    [
      'a name that leaves the hub',
      () => [finishedRun(), '--to', 'trl', '--model', '../x/y', '--out', join(folder, 'job')],
      /no name of a model/,
    ],
    [
      'problems of one’s own without their file',
      () => [finishedRun('own_0'), '--to', 'trl', '--out', join(folder, 'job')],
      /problems of your own/,
    ],
  ])('refuses %s, and writes nothing', async (_, args, message) => {
    expect(await exportJob(...args())).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'job'))).toBe(false);
  });

  it('says that the settings of a run cannot be read', async () => {
    const run = join(folder, 'run');
    mkdirSync(run);
    writeFileSync(join(run, 'grpo.json'), '{"settings":');
    expect(await exportJob(run, '--to', 'trl', '--out', join(folder, 'job'))).toBe(2);
    expect(stderr).toMatch(/grpo\.json cannot be read/);
  });
});
