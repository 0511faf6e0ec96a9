// Runs as a person starts them from the command line: what they measure, and what is left of them when they end early.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeDirectory } from '../checkpoint/nodeDirectory';
import { writeFolder } from '../checkpoint/writeFolder';
import { tinyRecipe } from '../testing/tinyModel';
import { initialFolder } from '../trainer/pretrain';
import { runProgram } from './program';

let folder: string;
let model: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  model = join(folder, 'tiny');
  await writeDirectory(model, writeFolder(initialFolder(tinyRecipe())));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs a command line. */
async function run(...argv: string[]): Promise<{ code: number; stdout: string; said: string }> {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += text;
      return true;
    });
  }
  return { code: await runProgram(argv), stdout: output.stdout, said: output.stderr };
}

const EASY = ['--difficulty', 'min_terms=2', '--difficulty', 'max_terms=2', '--difficulty', 'max_number=2'];

it('eval measures what grpo measured, told nothing but the problems', async () => {
  const out = join(folder, 'out');
  const log = join(folder, 'log.jsonl');
  const set = ['max_completion_length=11', 'temperature=0.7', 'top_p=0.9', 'num_prompts=2', 'num_generations=4'];
  const options = set.flatMap((one) => ['--set', one]);
  const problems = ['--seed', '5', '--eval-problems', '24'];
  const trained = await run(
    'grpo',
    model,
    ...EASY,
    ...options,
    ...problems,
    '--steps',
    '2',
    '--out',
    out,
    '--log',
    log,
  );
  expect(trained.code).toBe(0);
  const last = JSON.parse(readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '');

  const { stdout } = await run('eval', out, ...EASY, '--seed', '5', '--problems', '24', '--json');
  const measured = JSON.parse(stdout);
  expect(measured).toMatchObject({ temperature: 0.7, top_p: 0.9, top_k: 0, max_tokens: 11 });
  expect(measured.accuracy).toBe(last['eval/accuracy']);
  expect(measured.mean_tokens).toBe(last['eval/mean_length']);
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('temperature 0.7, top-p 0.9 and cut after 11 tokens');
});
