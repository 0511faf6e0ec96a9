// How a saying is written: with a word before or after it, in capitals, with marks; and the plain saying of what is written.
import type { Rng } from '../../lib/rng';
import type { Language } from '../task';

const BEFORE: Readonly<Record<Language, readonly string[]>> = {
  en: ['oh ', 'so ', 'well ', 'please ', 'and ', 'now ', 'hm, ', 'look, '],
  zh: ['你好，', '您好，', '我问你，', '好，'],
};
const AFTER: Readonly<Record<Language, readonly string[]>> = {
  en: [' please', ' then', ' now', ' here', ' again', ', friend'],
  zh: [],
};
const MARKS: Readonly<Record<Language, readonly string[]>> = {
  en: ['', '', '', '?', '?', '.', '.', '!', '!', '!!', '??', '...', ' !', ' ?', '?!', ' :)'],
  zh: ['', '', '', '？', '？', '。', '。', '?', '!', '.', '？？', '...', '!!', '？!'],
};
const HELD_MARKS = /(?:\s*(?:[?.!？。！]+|:\)))+$/;

/** No word goes before or after a formula. */
const isFormula = (saying: string) => /^[\d([{|<"-]|[(=^_@#$&~;]/.test(saying);

function inCase(text: string, rng: Rng): string {
  const point = rng.uniform();
  if (point < 0.1) return text.toUpperCase();
  return point < 0.5 ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

/** As people type. */
export function written(saying: string, language: Language, rng: Rng): string {
  if (saying.endsWith('=')) return `${saying}?`;
  if (isFormula(saying)) return saying;
  const before = rng.chance(0.15) ? rng.pick(BEFORE[language]) : '';
  const after = rng.chance(0.15) ? rng.pick(['', ...AFTER[language]]) : '';
  return `${inCase(`${before}${saying}${after}`, rng)}${rng.pick(MARKS[language])}`;
}

/** Without case and without the marks at the end; `5!` is no mark. Then without a word before it, after it, and both. */
export function plainForms(text: string): readonly string[] {
  const lower = text.trim().toLowerCase();
  if (/^\d+!+$/.test(lower)) return [lower];
  const bare = lower.replace(HELD_MARKS, '');
  const before = [...BEFORE.en, ...BEFORE.zh].find((word) => bare.startsWith(word)) ?? '';
  const after = AFTER.en.find((word) => bare.endsWith(word)) ?? '';
  const forms = [bare, bare.slice(before.length), bare.slice(0, bare.length - after.length)];
  return [...new Set([...forms, bare.slice(before.length, bare.length - after.length)])];
}
