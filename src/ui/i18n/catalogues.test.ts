// Nothing that a Chinese reader sees is English by omission.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CURATED_METRICS } from '../charts/series';
import { en } from './en';
import { zh } from './zh';

function leaves(node: unknown, path = ''): [path: string, text: string][] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`));
}

const HAN = /\p{Script=Han}/u;
/** Names and notations that are the same in every language, and words that name English itself. */
const SAME =
  /^(app\.name|ask\.top[PK]|option\.\w+\.label|scaling\.vote\.\w+|device\.column\.gflops|stages\.(name\..*|kind\.(grpo|dpo)))$/;

describe('the Chinese catalogue', () => {
  it('is Chinese wherever it has words', () => {
    const english = leaves(zh).filter(([path, text]) => {
      const words = text.replace(/\{\{\w+\}\}/g, '');
      return /[a-z]{2}/i.test(words) && !HAN.test(words) && !SAME.test(path);
    });
    expect(english).toEqual([]);
  });

  it('fills the same places as the English one', () => {
    const inserts = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))].sort();
    const english = new Map(leaves(en));
    const differing = leaves(zh).flatMap(([path, text]) => {
      const other = english.get(path);
      return other === undefined || inserts(other).join() === inserts(text).join() ? [] : [[path, other, text]];
    });
    expect(differing).toEqual([]);
  });
});

it('in English, what counts something has a form for one of it', () => {
  const paths = new Map(leaves(en));
  const isPlural = (text: string) =>
    /\{\{count\}\} (held-out )?(tokens|stages|steps|answers|questions|problems)\b/.test(text);
  const lacking = [...paths].filter(
    ([path, text]) => isPlural(text) && !(path.endsWith('_other') && paths.has(path.replace(/other$/, 'one'))),
  );
  expect(lacking.map(([path]) => path)).toEqual([]);
});

describe('every kind of error', () => {
  const codes = Object.keys(en.problem.what);

  it('is said in both languages, and in Chinese with what to do', () => {
    for (const text of Object.values(en.problem.what)) expect(text).toMatch(/^[A-Z].*[.]$/);
    for (const texts of [zh.problem.what, zh.problem.remedy]) {
      expect(Object.keys(texts ?? {})).toEqual(codes);
      for (const text of Object.values(texts ?? {})) expect(text).toMatch(HAN);
    }
  });

  it('is one that the program makes', () => {
    const isProduct = (path: string) => /\.tsx?$/.test(path) && !/\.test\.|i18n|^lib.errors|^testing/.test(path);
    const paths = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(isProduct);
    const made = new Set(
      paths.flatMap((path) =>
        [...readFileSync(join('src', path), 'utf8').matchAll(/\bcode(?: =|:) '(\w+)'/g)].map(([, code]) => code),
      ),
    );
    // describeError gives this one to what is thrown by mistake.
    made.add('fault');
    expect(codes.filter((code) => !made.has(code))).toEqual([]);
  });
});

describe.each([
  ['English', en],
  ['Chinese', zh],
])('%s has a word', (_, catalogue) => {
  it('for every metric that has a chart of its own', () => {
    expect(Object.keys(catalogue.metric)).toEqual(expect.arrayContaining([...CURATED_METRICS]));
  });
});
