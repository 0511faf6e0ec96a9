// What the built page holds, and what it does not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './fakeEngine';

/** Texts that only the made-up engine has. */
const MARKS = ['soliloquy.fakeRuns', 'soliloquy.fakePipelines', 'calm-otter-'];

test('nothing of the made-up engine is in the product', ({ fakeEngine }) => {
  const scripts = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(10);
  const built = scripts.map((path) => readFileSync(join('dist', path), 'utf8')).join('\n');
  expect(MARKS.filter((mark) => !fakeEngine.includes(mark))).toEqual([]);
  expect(MARKS.filter((mark) => built.includes(mark))).toEqual([]);
});
