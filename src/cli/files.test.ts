import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Arguments } from './command';
import { makeFolder, outputFolder } from './files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('results go where --out says, else into a folder that is not there yet', () => {
  expect(outputFolder(new Arguments('grpo', { out: 'mine' }, []), 'base-grpo')).toBe('mine');
  const none = new Arguments('grpo', {}, []);
  expect(outputFolder(none, 'base-grpo', folder)).toBe(join(folder, 'base-grpo'));
  mkdirSync(join(folder, 'base-grpo'));
  mkdirSync(join(folder, 'base-grpo-2'));
  expect(outputFolder(none, 'base-grpo', folder)).toBe(join(folder, 'base-grpo-3'));
});

it('a folder is made with those above it, and the topmost of them is told', () => {
  expect(makeFolder(join(folder, 'a', 'b', 'c'))).toBe(join(folder, 'a'));
  expect(existsSync(join(folder, 'a', 'b', 'c'))).toBe(true);
  expect(makeFolder(join(folder, 'a', 'b'))).toBeUndefined();
});

it.skipIf(!existsSync('/proc'))('a place where the system makes no folders is refused, not waited for', () => {
  expect(() => makeFolder('/proc/soliloquy')).toThrow(/ENOENT/);
});
