import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { getTask, removeOwnTask } from '../tasks/registry';
import { readTaskFile } from './settings';

const folder = mkdtempSync(join(tmpdir(), 'problems-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const path = join(folder, 'mine.csv');
  writeFileSync(path, text);
  return path;
}

it('a file of problems is a task', () => {
  const task = readTaskFile(fileOf('question,answer\n1+1,2\n'));
  expect(getTask(task.name).about.en.label).toBe('mine');
  removeOwnTask(task.name);
});

it('a file with bad lines is refused whole, and says which they are', () => {
  expect(() => readTaskFile(fileOf('question,answer\n1+1,2\nhalf\n?,'))).toThrow(
    /line 3: .*; line 4: there is no answer/,
  );
  expect(() => readTaskFile(fileOf('question,answer\n'))).toThrow(/no problems/);
  expect(() => readTaskFile(fileOf('a,b\n1,2'))).toThrow(/no problems \(noColumns\)/);
});
