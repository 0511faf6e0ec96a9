// Runs as a person starts them from the command line: what they measure, and what is left of them when they end early.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Runtime } from '../engine/runtime';
import { writeDirectory } from '../formats/huggingface/nodeDirectory';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { floatTensor, numElements } from '../lib/tensors/storedTensor';
import { setUpRuntime, tinyRecipe } from '../testing/tinyModel';
import { initialFolder } from '../trainer/texts/pretrain';
import { runProgram } from './program';

// One device for all commands, which would each open one: kernels are compiled once.
const opened = vi.hoisted((): { runtime?: () => Runtime } => ({}));
vi.mock(import('./runtime'), async (original) => ({
  ...(await original()),
  openNodeRuntime: async () => (opened.runtime as () => Runtime)(),
}));
opened.runtime = setUpRuntime();

let folder: string;
let model: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  model = join(folder, 'tiny');
  await writeDirectory(model, await writeFolder(initialFolder(tinyRecipe())));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs a command line. @param dieAt what it says when it is killed: nothing is done any more after that. */
async function runUntil(dieAt: RegExp | undefined, argv: string[]) {
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += text;
      if (stream === 'stdout' && dieAt?.test(output[stream])) throw new Error('killed');
      return true;
    });
  }
  const code = await runProgram(argv);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal);
  return { code, stdout: output.stdout, said: output.stderr };
}

const run = (...argv: string[]) => runUntil(undefined, argv);

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
  const last = stepsOf(log).at(-1) ?? {};

  const { stdout } = await run('eval', out, ...EASY, '--seed', '5', '--problems', '24', '--json');
  const measured = JSON.parse(stdout);
  expect(measured).toMatchObject({ temperature: 0.7, top_p: 0.9, top_k: 0, max_tokens: 11 });
  expect(measured.accuracy).toBe(last['eval/accuracy']);
  expect(measured.mean_tokens).toBe(last['eval/mean_length']);
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('temperature 0.7, top-p 0.9 and cut after 11 tokens');
});

const SMALL = ['max_completion_length=11', 'num_prompts=2', 'num_generations=2'].flatMap((one) => ['--set', one]);
const stepsOf = (log: string) =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line): Record<string, number> => JSON.parse(line));

it.each([
  ['grpo', ['--steps', '3', ...SMALL, ...EASY], 'eval at step 3'],
  ['sft', ['--steps', '3', ...EASY, '--set', 'tokens_per_step=64'], 'eval at step 3'],
])('%s killed in its last evaluation has lost nothing', async (command, options, evaluation) => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  const logs = [join(folder, 'whole.jsonl'), join(folder, 'killed.jsonl')] as const;
  const start = [command, model, ...options, '--eval-problems', '8'];
  expect((await run(...start, '--out', whole, '--log', logs[0])).code).toBe(0);
  const end = new RegExp(evaluation);
  expect((await runUntil(end, [...start, '--out', killed, '--log', logs[1]])).code).toBe(1);
  const { code, stdout } = await run(
    command,
    '--resume',
    killed,
    '--log',
    logs[1],
    ...(command === 'sft' ? ['--eval-problems', '8'] : []),
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(end);
  expect(stdout).not.toMatch(/^step /m);
  const weights = (out: string) => readFileSync(join(out, 'model.safetensors'));
  expect(weights(killed).equals(weights(whole))).toBe(true);
  const told = (log: string) => stepsOf(log).map((line) => [line.step, line.loss, line['eval/accuracy']]);
  expect(told(logs[1])).toEqual(told(logs[0]));
});

it('a run that is killed before its first checkpoint is due is gone on with, from its first moment on', async () => {
  const out = join(folder, 'out');
  const start = ['grpo', model, ...SMALL, ...EASY, '--steps', '4', '--eval-problems', '4', '--out', out];
  expect((await runUntil(/eval at step 0/, start)).code).toBe(1);
  expect((await runUntil(/^step 4\/4/m, ['grpo', '--resume', out])).stdout).toMatch(/^step 1\/4/m);
  const { code, stdout } = await run('grpo', '--resume', out);
  expect(code).toBe(0);
  expect(stdout.match(/^step \d/gm)).toEqual(['step 3', 'step 4']);
});

it.each([
  ['grpo', [...SMALL, '--set', 'entropy_coef=0.1']],
  ['sft', ['--set', 'tokens_per_step=64', '--set', 'max_grad_norm=1e9']],
])(
  '%s at a learning rate that wrecks the weights says so, stops, and goes on from a good checkpoint',
  async (command, options) => {
    const out = join(folder, 'out');
    const start = [command, model, ...EASY, ...options, '--steps', '40', '--eval-problems', '0', '--out', out];
    const wrecked = await run(...start, '--set', 'learning_rate=1e6');
    expect(wrecked.code).toBe(1);
    expect(wrecked.said).toMatch(/more like it, and the run stops/);
    expect(wrecked.said).toMatch(/Since step \d+, for \d+ steps, .*The run was stopped/);
    expect(wrecked.said).toMatch(/The last checkpoint from before that is that of step [01]\..*--resume/);
    expect(wrecked.said).not.toContain('Saved the model');
    const healed = await run(command, '--resume', out, '--set', 'learning_rate=1e-5');
    expect(healed.code).toBe(0);
    expect(healed.said).not.toContain('not finite');
  },
);

it('a model whose weights are wrecked ends with an error wherever it is asked', async () => {
  const read = initialFolder(tinyRecipe());
  for (const value of [3e38, 0]) {
    const tensors = new Map(
      [...read.tensors].map(([name, { shape }]) => [
        name,
        floatTensor(shape, new Float32Array(numElements(shape)).fill(value)),
      ]),
    );
    await writeDirectory(model, await writeFolder({ ...read, tensors }));
    for (const argv of [
      ['generate', model, '1+2=?'],
      ['eval', model, ...EASY, '--problems', '4'],
      ['grpo', model, ...SMALL, ...EASY, '--eval-problems', '4', '--steps', '2', '--out', join(folder, `out${value}`)],
    ]) {
      const { code, said } = await run(...argv);
      expect(code).toBe(1);
      expect(said).toMatch(/logits are not finite|every token is equally likely/);
    }
  }
});
