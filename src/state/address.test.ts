import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAddress, SCREEN_NAMES, writeAddress } from './address';

const letter = fc.constantFrom(...'aZ09 +-=×÷?&#%/:;,.<>"\'`\\_中文é😀\n\t\0');
/** Halves of pairs, too. */
const anything = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
const word = fc.string({ unit: letter, minLength: 1, maxLength: 20 });

describe('the address', () => {
  it('names a screen, a part of it and what a link brings', () => {
    expect(readAddress('#train')).toEqual({ screen: 'train', part: undefined, values: '' });
    expect(readAddress('#stages/cold%20start?a=1&b=2')).toEqual({
      screen: 'stages',
      part: 'cold start',
      values: 'a=1&b=2',
    });
    expect(readAddress('')).toEqual({ screen: 'ask', part: undefined, values: '' });
  });

  it('brings nothing where its screen is none', () => {
    for (const hash of ['#nowhere?q=1', '#__proto__', '#/', '#?q=1', '#ask%00?q=1', '#TRAIN']) {
      expect(readAddress(hash)).toEqual({ screen: 'ask', part: undefined, values: '' });
    }
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCREEN_NAMES),
        fc.option(word, { nil: undefined }),
        fc.array(fc.tuple(word, fc.string({ unit: letter })), { maxLength: 5 }),
        (screen, part, values) => {
          const read = readAddress(writeAddress(screen, part, values));
          expect(read.screen).toBe(screen);
          expect(read.part).toBe(part);
          expect([...new URLSearchParams(read.values)]).toEqual(values);
        },
      ),
    );
  });

  it('takes any text without a word', () => {
    fc.assert(fc.property(anything, (hash) => void readAddress(hash)));
    expect(readAddress('#train/%E0%A4%A?task=x').part).toBeUndefined();
  });
});
