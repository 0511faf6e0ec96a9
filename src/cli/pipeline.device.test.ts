// A pipeline as a person runs it: from the command line, stopped by Ctrl-C, gone on with from its folder.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pipelineFile } from '../runs/pipeline';
import type { PipelineRecord } from '../runs/pipelineRecord';
import { tinyPipeline } from '../runs/ready';
import { INTERRUPTED } from './interrupt';
import { runProgram } from './program';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Runs a command line, pressing Ctrl-C as soon as it says `stopAt`. */
async function run(argv: readonly string[], stopAt?: RegExp): Promise<{ code: number; stdout: string; said: string }> {
  const output = { stdout: '', stderr: '' };
  let isStopped = false;
  const listeners = process.listeners('SIGINT');
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      output[stream] += text;
      if (stopAt?.test(output[stream]) && !isStopped) {
        isStopped = true;
        process.emit('SIGINT');
      }
      return true;
    });
  }
  const code = await runProgram(argv);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    for (const listener of process.listeners(name)) {
      if (!listeners.includes(listener as NodeJS.SignalsListener)) process.off(name, listener);
    }
  }
  return { code, stdout: output.stdout, said: output.stderr };
}

const weightsOf = (out: string, checkpoint: string) => readFileSync(join(out, checkpoint, 'model.safetensors'));

it('a pipeline leaves its checkpoints in a folder, the same ones if it was stopped and gone on with', async () => {
  const tiny = join(folder, 'tiny.json');
  writeFileSync(tiny, pipelineFile(tinyPipeline('r1-zero')));
  const whole = join(folder, 'whole');
  const { code, stdout } = await run(['pipeline', tiny, '--out', whole, '--json']);
  expect(code).toBe(0);
  const record = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PipelineRecord;
  const names = record.done.map(({ name }) => name);
  expect(names).toEqual(['random', 'base', 'zero']);
  expect(readdirSync(whole).sort()).toEqual([...names, 'pipeline.json'].sort());

  const stopped = join(folder, 'stopped');
  const first = await run(['pipeline', tiny, '--out', stopped], /base: pretrain/);
  expect(first.code).toBe(INTERRUPTED);
  expect(first.said).toContain(`pipeline --resume ${stopped}`);
  expect(readdirSync(stopped)).toContain('state');
  const second = await run(['pipeline', '--resume', stopped], /zero: grpo(.|\n)*step 1/);
  expect(second.code).toBe(INTERRUPTED);
  expect(second.said).toContain('base: pretrain from random, going on after step');
  const last = await run(['pipeline', '--resume', stopped]);
  expect(last.code).toBe(0);
  for (const name of names) expect(weightsOf(stopped, name).equals(weightsOf(whole, name))).toBe(true);
  expect(readdirSync(stopped)).not.toContain('state');
});
