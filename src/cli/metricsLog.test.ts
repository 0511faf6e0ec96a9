import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openMetricsLog } from './metricsLog';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stepsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).step);

it('a resumed run has every step once, a new one starts afresh', () => {
  const path = join(folder, 'deep', 'run.jsonl');
  const first = openMetricsLog(path, undefined);
  for (const step of [0, 1, 2, 3]) first(step, { reward: step / 10 });
  const resumed = openMetricsLog(path, 2);
  resumed(3, { reward: 0.5 });
  expect(stepsIn(path)).toEqual([0, 1, 2, 3]);
  expect(JSON.parse(readFileSync(path, 'utf8').split('\n')[3] ?? '')).toEqual({ step: 3, reward: 0.5 });
  openMetricsLog(path, undefined)(1, {});
  expect(stepsIn(path)).toEqual([1]);
});

it('a line that a crash cut short is dropped', () => {
  const path = join(folder, 'run.jsonl');
  writeFileSync(path, '{"step":1,"reward":0.1}\n{"step":2,"rew');
  openMetricsLog(path, 5)(6, {});
  expect(stepsIn(path)).toEqual([1, 6]);
});
