import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunRecord } from '../protocol/protocol';
import { memoryStoredFiles } from '../storage/storedFiles';
import { findTask, removeOwnTask } from '../tasks/registry';
import { UnreadableTextError } from '../tokenizer/tokenizer';
import { findUnreadable, ProblemShelf } from './problemShelf';

const problems = [
  { question: '1+1', answer: '2', rule: 'number' },
  { question: 'capital?', answer: 'Paris', rule: 'exact' },
] as const;

let files = memoryStoredFiles();
let runs: readonly RunRecord[] = [];
const openShelf = () => new ProblemShelf(files, { listRuns: async () => runs });

beforeEach(() => {
  files = memoryStoredFiles();
  runs = [];
});
afterEach(async () => {
  for (const name of await files.names()) removeOwnTask(name);
});

it('a kept set is a task, there again when the page is opened again', async () => {
  const { id } = await openShelf().keep('Mine', problems);
  expect(findTask(id)?.about.en.label).toBe('Mine');
  removeOwnTask(id);
  expect(await openShelf().list()).toEqual([{ id, name: 'Mine', problems }]);
  expect(findTask(id)).toBeDefined();
});

it('a set of the same problems takes the new name, another one a name of its own', async () => {
  const shelf = openShelf();
  const first = await shelf.keep('Mine', problems);
  const second = await shelf.keep('Mine', problems.slice(1));
  expect(second.name).toBe('Mine 2');
  await shelf.keep('Renamed', problems);
  expect((await shelf.list()).map(({ name }) => name)).toEqual(['Mine 2', 'Renamed']);
  expect(findTask(first.id)?.about.zh.label).toBe('Renamed');
});

it('a set that stored runs train on stays', async () => {
  const shelf = openShelf();
  const { id } = await shelf.keep('Mine', problems);
  runs = [{ name: 'calm-otter-7', settings: { task: id } } as RunRecord];
  await expect(shelf.delete(id)).rejects.toThrow(/calm-otter-7/);
  runs = [];
  await shelf.delete(id);
  expect(await shelf.list()).toEqual([]);
  expect(findTask(id)).toBeUndefined();
});

it('what makes no set is refused, and what another version wrote is left out', async () => {
  const shelf = openShelf();
  await expect(shelf.keep(' ', problems)).rejects.toThrow(/makes no set/);
  await files.write('own_0', 'set.json', new TextEncoder().encode('{"name":"x"}'));
  expect(await shelf.list()).toEqual([]);
});

it('counts the problems with a character that the tokenizer cannot read', () => {
  const encode = (text: string) => {
    const unread = [...new Set(text.match(/[a-zP]/g))];
    if (unread.length > 0) throw new UnreadableTextError(unread, 'digits');
    return [];
  };
  const found = findUnreadable({ encode }, problems);
  expect(found.find(({ character }) => character === 'P')).toEqual({ character: 'P', problems: 1 });
  expect(found.find(({ character }) => character === 'a')).toEqual({ character: 'a', problems: 1 });
  expect(found.some(({ character }) => character === '1')).toBe(false);
});
