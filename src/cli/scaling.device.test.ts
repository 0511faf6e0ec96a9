import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runProgram } from './program';

let folder: string;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  output = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('a grid of two sizes and two lengths is trained, and gone on with where it was broken off', async () => {
  const out = join(folder, 'grid');
  expect(await runProgram(['scaling', 'recipes/scaling/mini.json', '--out', out, '--json'])).toBe(0);
  const { results, optimal } = JSON.parse(output);
  expect(results.map(({ id }: { id: string }) => id)).toEqual([
    'w8-1024',
    'w16-1024',
    'w8-4096',
    'w16-4096',
    'w8-4096-of-512',
  ]);
  const [short, , long, , repeated] = results;
  expect(long.loss).toBeLessThan(short.loss);
  expect(repeated.uniqueTokens).toBeLessThan(repeated.tokens / 4);
  // Four runs that repeat nothing determine no law.
  expect(optimal).toEqual([]);

  const path = join(out, 'runs.jsonl');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${lines.slice(0, 3).join('\n')}\n${lines[3]?.slice(0, 20)}`);
  output = '';
  expect(await runProgram(['scaling', '--resume', out, '--json'])).toBe(0);
  const losses = (all: readonly { loss: number }[]) => all.map(({ loss }) => loss);
  expect(losses(JSON.parse(output).results)).toEqual(losses(results));
  expect(await runProgram(['scaling', 'recipes/scaling/mini.json', '--out', out])).toBe(2);
});

it('a file is packed and unpacked, and not by another model', async () => {
  const [from, packed, to] = ['text', 'text.slq', 'text.out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(from, '9-8+3=?<think>9-8=1;1+3=4</think><answer>4</answer>\n你好 \u{1f600}\n');
  expect(await runProgram(['compress', from, '--model', 'r1', '--lines', '--out', packed, '--json'])).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    original: readFileSync(from).length,
    packed: readFileSync(packed).length,
  });
  expect(await runProgram(['decompress', packed, '--model', 'r1', '--out', to])).toBe(0);
  expect(readFileSync(to)).toEqual(readFileSync(from));
  expect(await runProgram(['decompress', packed, '--model', 'base', '--out', to])).toBe(1);
});

it('held-out texts come out as they went in, and are told beside other compressors', async () => {
  const recipe = ['--recipe', 'recipes/base.json'];
  expect(await runProgram(['compress', '--held-out', '6', ...recipe, '--model', 'base', '--json'])).toBe(0);
  const { models, alone, together } = JSON.parse(output);
  expect(models[0].same).toBe(6);
  expect(models[0].bitsPerByte).toBeLessThan(alone.warmDeflate);
  expect(together.brotli).toBeLessThan(alone.brotli);
});
