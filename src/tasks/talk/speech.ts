// Sayings made of topics, and read back: a template's slots are filled with words, numbers or letters without sense.
import type { Rng } from '../../lib/rng';
import { SLOTS, type Topic } from './topics';

const SLOT = /\{(\w+)\}/g;
const NUMBER_SLOTS = ['n', 'm', 'k'];
const JUNK_SLOTS = ['junk', 'junk2'];
/** No word of either language is made of these alone. */
const JUNK_LETTERS = 'bcdfghjklmnpqrstvwxz';

/** A saying of a template: `what is {noun}` → `what is love`. */
export function fill(template: string, rng: Rng): string {
  return template.replace(SLOT, (_, slot: string) => {
    if (NUMBER_SLOTS.includes(slot)) return `${rng.integer(2, rng.pick([9, 99, 999]))}`;
    if (JUNK_SLOTS.includes(slot)) {
      return Array.from({ length: rng.integer(3, 8) }, () => rng.pick([...JUNK_LETTERS])).join('');
    }
    return rng.pick(SLOTS[slot] ?? []);
  });
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function patternOf(template: string): RegExp {
  const parts = template.split(SLOT).map((part, index) => {
    if (index % 2 === 0) return escaped(part.toLowerCase());
    if (NUMBER_SLOTS.includes(part)) return '\\d{1,4}';
    if (JUNK_SLOTS.includes(part)) return `[${JUNK_LETTERS}]{3,8}`;
    return `(?:${(SLOTS[part] ?? []).map((word) => escaped(word.toLowerCase())).join('|')})`;
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** The templates of topics with the pattern of each, made once. */
export function speechOf(topics: readonly Topic[]): (plain: string) => Topic | undefined {
  const patterns = topics.flatMap((topic) => topic.said.map((template) => ({ topic, pattern: patternOf(template) })));
  return (plain) => patterns.find(({ pattern }) => pattern.test(plain))?.topic;
}
