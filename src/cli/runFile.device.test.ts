// A run between the command line and the page, as a file.
import 'fake-indexeddb/auto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Runtime } from '../engine/runtime';
import { writeDirectory } from '../formats/huggingface/nodeDirectory';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { unzipSource } from '../formats/huggingface/zipSource';
import { packRunFile, readRunFile } from '../runs/runFile';
import { memorySlots } from '../storage/memorySlots';
import { setUpRuntime, tinyRecipe } from '../testing/tinyModel';
import { openSession, value } from '../testing/tinySession';
import { initialFolder } from '../trainer/texts/pretrain';
import { runProgram } from './program';
import { RunFolder } from './runFolder';

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
  vi.stubGlobal('fetch', async () => new Response('[]'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs a command line. @param dieAt what it says when it is killed. */
async function run(argv: readonly string[], dieAt?: RegExp) {
  let said = '';
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said += text;
      if (stream === 'stdout' && dieAt?.test(said)) throw new Error('killed');
      return true;
    });
  }
  const code = await runProgram(argv);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal);
  return { code, said };
}

const DIALS = { min_terms: 2, max_terms: 2, max_number: 2 };
const OPTIONS = [
  ...Object.entries(DIALS).flatMap(([name, dial]) => ['--difficulty', `${name}=${dial}`]),
  ...['max_completion_length=11', 'num_prompts=2', 'num_generations=2'].flatMap((one) => ['--set', one]),
  ...['--steps', '4', '--eval-problems', '4', '--checkpoint-every', '1'],
];
const weightsOf = (out: string) => readFileSync(join(out, 'model.safetensors'));
const [killed, taken] = ['killed', 'taken'].map((name) => () => join(folder, name)) as [() => string, () => string];
const zip = () => join(folder, 'run.zip');

async function exported(): Promise<Uint8Array> {
  const log = join(folder, 'killed.jsonl');
  await run(['grpo', model, ...OPTIONS, '--out', killed(), '--log', log], /^step 3\/4/m);
  const { code, said } = await run(['run-file', 'export', killed(), '--log', log, '--out', zip()]);
  expect(said).toContain('open it on Train');
  expect(code).toBe(0);
  return readFileSync(zip());
}

it('begun here, gone on with in the page, ended here: the bits of the run that was never moved', async () => {
  const whole = join(folder, 'whole');
  expect((await run(['grpo', model, ...OPTIONS, '--out', whole])).code).toBe(0);

  const { session: page } = await openSession(memorySlots());
  const imported = value(await page.importRun('a file', await exported()));
  expect(imported).toMatchObject({ name: 'killed', baseModel: 'tiny', status: 'paused' });
  const { steps, run: open } = value(await page.openRun(imported.id));
  expect(open.step).toBeLessThan(4);
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: open.step + 1 }, (_, step) => step));
  expect(steps.at(-1)?.metrics.reward).toBeTypeOf('number');
  value(await page.stepRun());
  const file = value(await page.exportRun(imported.id, true));
  writeFileSync(zip(), file);
  while (value(await page.stepRun()).step < 4);
  const inPage = await unzipSource('model', value(await page.exportModel())).read('model.safetensors');
  expect(weightsOf(whole).equals(inPage as Uint8Array)).toBe(true);

  const log = join(folder, 'logs', 'taken.jsonl');
  const { code, said } = await run(['run-file', 'import', zip(), '--out', taken(), '--log', log]);
  expect(said).toMatch(/Go on with: .*grpo --resume .*taken/);
  expect(code).toBe(0);
  expect((await run(['grpo', '--resume', taken(), '--log', log])).code).toBe(0);
  expect(weightsOf(taken()).equals(weightsOf(whole))).toBe(true);
  const told = readFileSync(log, 'utf8').trim().split('\n');
  expect(told.map((line) => JSON.parse(line).step)).toEqual([0, 1, 2, 3, 4]);
});

it('what cannot be taken is refused in words, and nothing is left of it', async () => {
  const bytes = await exported();
  const file = await readRunFile('a file', bytes);
  const importing = async (content: Uint8Array, ...options: string[]) => {
    writeFileSync(zip(), content);
    const result = await run(['run-file', 'import', zip(), '--out', taken(), ...options]);
    return { ...result, isThere: existsSync(taken()) };
  };
  const config = { ...file.run.settings.config, custom_reward: 'function reward() { return 1; }' };
  const withCode = packRunFile({ ...file, run: { ...file.run, settings: { ...file.run.settings, config } } });
  const refusals = [
    [bytes.slice(0, -100), /./],
    [new Uint8Array(), /./],
    [packRunFile({ run: file.run, steps: file.steps }), /has no checkpoint of killed/],
    [withCode, /function reward\(\) \{ return 1; \}[\s\S]*--allow-code/],
  ] as const;
  for (const [content, words] of refusals) {
    const { code, said, isThere } = await importing(content);
    expect(said).toMatch(words);
    expect(said).not.toContain('a fault of the program');
    expect([code > 0, isThere]).toEqual([true, false]);
  }
  const adopt = vi.spyOn(RunFolder.prototype, 'adopt').mockRejectedValue(new Error('the disk broke'));
  expect(await importing(bytes)).toMatchObject({ code: 1, isThere: false });
  adopt.mockRestore();
  expect((await importing(withCode, '--allow-code')).code).toBe(0);
  expect((await importing(bytes)).said).toContain('holds a run that is not finished');

  mkdirSync(join(folder, 'empty'));
  for (const [argv, words] of [
    [['export', join(folder, 'empty'), '--out', join(folder, 'x.zip')], /cannot be resumed/],
    [['export', killed(), '--out', zip()], /is there already/],
    [['import', join(folder, 'none.zip'), '--out', join(folder, 'x')], /There is no file/],
    [['move', killed(), '--out', join(folder, 'x')], /There is no run-file move/],
  ] as const) {
    const { code, said } = await run(['run-file', ...argv]);
    expect(said).toMatch(words);
    expect(code).toBe(2);
  }
});
