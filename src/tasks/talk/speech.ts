// Sayings made of topics, and read back: a template's slots are filled with words, numbers or letters without sense.
import type { Rng } from '../../lib/rng';
import { DRAWN_SLOTS, SLOTS } from './slots';
import type { Topic } from './topics';

const SLOT = /\{(\w+)\}/g;

/** What a plain saying is: what answers it, and whether it is one of many that a template makes. */
export interface Meaning {
  readonly reply: string;
  readonly isFilled: boolean;
}

/** A saying of a template: `what is {noun}` → `what is love`. */
export function fill(template: string, rng: Rng): string {
  return template.replace(SLOT, (_, slot: string) => DRAWN_SLOTS[slot]?.draw(rng) ?? rng.pick(SLOTS[slot] ?? []));
}

/** No slot is filled with more characters. */
const MAX_FILLED = 20;

/** Where a slot may end that begins at a place of a text; asked once for each slot and place. */
function endsIn(text: string): (slot: string, at: number) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  const find = (slot: string, at: number) => {
    const pattern = DRAWN_SLOTS[slot]?.pattern;
    if (!pattern) return (WORDS[slot] ?? []).flatMap((word) => (text.startsWith(word, at) ? [at + word.length] : []));
    const lengths = Array.from({ length: Math.min(MAX_FILLED, text.length - at) }, (_, index) => index + 1);
    return lengths.flatMap((length) => (pattern.test(text.slice(at, at + length)) ? [at + length] : []));
  };
  return (slot, at) => {
    const key = `${slot} ${at}`;
    const ends = known.get(key) ?? find(slot, at);
    known.set(key, ends);
    return ends;
  };
}

const WORDS = Object.fromEntries(
  Object.entries(SLOTS).map(([slot, words]) => [slot, words.map((word) => word.toLowerCase())]),
);

interface Template {
  readonly meaning: Meaning;
  /** Literal text and, at odd places, slots. */
  readonly parts: readonly string[];
}

/** Reads what a template of the topics says; the first that fits. */
export function speechOf(topics: readonly Topic[]): (plain: string) => Meaning | undefined {
  const all = topics.flatMap(({ said, reply }) =>
    said.map((template): Template => {
      const parts = template.split(SLOT).map((part, index) => (index % 2 === 0 ? part.toLowerCase() : part));
      return { meaning: { reply, isFilled: parts.length > 1 }, parts };
    }),
  );
  const startsOf = ({ parts: [start = ''] }: Template) => start.charAt(0);
  const byStart = new Map(
    [...new Set(all.map(startsOf))].map((start) => [
      start,
      all.filter((template) => ['', start].includes(startsOf(template))),
    ]),
  );
  return (plain) => {
    const endsOf = endsIn(plain);
    const isSaid = ({ parts }: Template) => {
      let places: readonly number[] = [0];
      for (let index = 0; index < parts.length && places.length > 0; index++) {
        const part = parts[index] ?? '';
        places = places.flatMap((at) => {
          if (index % 2 === 1) return endsOf(part, at);
          return plain.startsWith(part, at) ? [at + part.length] : [];
        });
      }
      return places.includes(plain.length);
    };
    return (byStart.get(plain.charAt(0)) ?? byStart.get(''))?.find(isSaid)?.meaning;
  };
}
