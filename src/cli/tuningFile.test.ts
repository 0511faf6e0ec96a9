import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { tuningFile, tuningPath } from './tuningFile';

const folder = mkdtempSync(join(tmpdir(), 'tuning-'));
const path = join(folder, 'cache', 'tuning.json');
afterEach(() => rmSync(join(folder, 'cache'), { recursive: true, force: true }));

it('keeps a table for each device', async () => {
  expect(await tuningFile(path).load('a card')).toBeUndefined();
  await tuningFile(path).save('a card', { version: 1 });
  await tuningFile(path).save('another card', { version: 2 });
  expect(await tuningFile(path).load('a card')).toEqual({ version: 1 });
  expect(await tuningFile(path).load('another card')).toEqual({ version: 2 });
  expect(readdirSync(join(folder, 'cache'))).toEqual(['tuning.json']);
});

it.each(['{"a card": {"ver', '[]', 'null'])('a damaged file (%s) counts as none and is replaced', async (text) => {
  await tuningFile(path).save('a card', { version: 1 });
  writeFileSync(path, text);
  expect(await tuningFile(path).load('a card')).toBeUndefined();
  await tuningFile(path).save('a card', { version: 3 });
  expect(await tuningFile(path).load('a card')).toEqual({ version: 3 });
});

it('lies in the user’s cache', () => {
  expect(tuningPath({ XDG_CACHE_HOME: '/tmp/cache' })).toBe('/tmp/cache/soliloquy/tuning.json');
  expect(tuningPath({})).toMatch(/\.cache\/soliloquy\/tuning\.json$/);
});
