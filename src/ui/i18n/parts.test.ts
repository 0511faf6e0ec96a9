// Whatever shows a text came with the part that has it: on every way from the page's entry to a module, each part whose texts it
// uses was loaded by some lazyPart.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, it } from 'vitest';
import { LATER_PARTS } from '.';
import * as first from './en/first';

const ENTRY = 'src/start.ts';
const STATIC = /^(?:import|export)\s(?!type\b)(?:[^;'"]*?\sfrom\s)?'([^']+)'/gm;
const DYNAMIC = /(?:lazyPart(?:<\w+>)?\(\s*'(\w+)',[^;]*?)?\bimport\('([^']+)'\)/g;

/** The path of an imported module of ours; undefined for packages and files that are no program. */
function resolve(from: string, name: string): string | undefined {
  if (!name.startsWith('.') || name.includes('?')) return undefined;
  const path = posix.join(posix.dirname(from), name);
  return [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.tsx`, `${path}/index.ts`].find(
    (candidate) => /\.tsx?$/.test(candidate) && existsSync(candidate),
  );
}

interface Visit {
  readonly path: string;
  readonly parts: readonly string[];
}

/** What a module imports, with the parts that are there by then. */
function importsOf({ path, parts }: Visit, text: string): Visit[] {
  const found: [name: string, part: string | undefined][] = [
    ...[...text.matchAll(STATIC)].map(([, name]): [string, undefined] => [name ?? '', undefined]),
    ...[...text.matchAll(DYNAMIC)].map(([, part, name]): [string, string | undefined] => [name ?? '', part]),
  ];
  return found.flatMap(([name, part]) => {
    const target = resolve(path, name);
    if (target === undefined || target.startsWith('src/ui/i18n/')) return [];
    return [{ path: target, parts: [...new Set(part === undefined ? parts : [...parts, part])].sort() }];
  });
}

/** Every module of the page, by each way to it. */
function visits(): Visit[] {
  const seen = new Map<string, Visit>();
  const toVisit: Visit[] = [{ path: ENTRY, parts: ['first'] }];
  for (let visit = toVisit.pop(); visit !== undefined; visit = toVisit.pop()) {
    const key = `${visit.path} ${visit.parts}`;
    if (seen.has(key)) continue;
    seen.set(key, visit);
    toVisit.push(...importsOf(visit, readFileSync(visit.path, 'utf8')));
  }
  return [...seen.values()];
}

/** The part of each section. */
async function sections(): Promise<Map<string, string>> {
  const later = await Promise.all(
    Object.entries(LATER_PARTS).map(async ([part, { en }]) => Object.keys(await en()).map((name) => [name, part])),
  );
  return new Map([...Object.keys(first).map((name) => [name, 'first']), ...later.flat()] as [string, string][]);
}

it('every text that a module uses is of a part that is loaded with it', async () => {
  const partOf = await sections();
  // A key, or the begin of one, alone or in a table.
  const key = new RegExp(`['"\`](${[...partOf.keys()].join('|')})\\.(?=[\\w$])`, 'g');
  const all = visits().filter(({ path }) => path.startsWith('src/ui/'));
  const uses = all.flatMap((visit) =>
    [...readFileSync(join(visit.path), 'utf8').matchAll(key)].map(([, name]) => ({
      ...visit,
      part: partOf.get(name ?? '') ?? '',
    })),
  );
  // It looked, also at what comes late.
  expect(new Set(uses.map(({ part }) => part))).toEqual(new Set(['first', ...Object.keys(LATER_PARTS)]));
  const lacking = uses.filter(({ part, parts }) => !parts.includes(part));
  expect([...new Set(lacking.map(({ path, part }) => `${path} uses texts of “${part}”`))]).toEqual([]);
});
