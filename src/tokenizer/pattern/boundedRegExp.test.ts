import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedRegExp } from './boundedRegExp';
import { MAX_INSTRUCTIONS } from './compile';
import { PatternError } from './parse';

const bounded = (source: string, flags = 'gu', spend = (_: number) => {}) =>
  new BoundedRegExp(new RegExp(source, flags), flags, spend);

// The expressions of tokenizers in use, as the library rewrites them, nearly.
const IN_USE = [
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,
  /(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu,
  /[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu,
  /\p{N}{1,3}/gu,
  /[一-龥぀-ゟ゠-ヿ]+/gu,
  /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/gu,
  /(?<=\d)(?=(?:\d{3})+(?!\d))/gu,
];

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\p{L}', '\\s', '😀', '\\u{61}', '^', '$');
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?', '{1,}');
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('pattern'), quantifier)
      .map(([open, a, q]) => `${open}${a})${q}`),
    fc.tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!'), tie('pattern')).map(([open, a]) => `${open}${a})`),
    fc.tuple(atom, quantifier).map(([a, q]) => a + q),
  ),
}));
const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '😀', 'é'), { maxLength: 9 }).map((parts) => parts.join(''));

describe('a bounded expression', () => {
  it('matches, splits and replaces as RegExp does, whatever the expression', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        let native: RegExp;
        try {
          native = new RegExp(source, 'gu');
        } catch {
          return;
        }
        const parts = (match: RegExpMatchArray) => ({ index: match.index, parts: [...match] });
        // V8 finds empty matches between the halves of a character, which the standard does not.
        const isBetween = ({ index = 0 }: RegExpMatchArray) => (subject.codePointAt(index - 1) ?? 0) > 0xffff;
        if ([...subject.matchAll(native)].some(isBetween)) return;
        expect([...subject.matchAll(bounded(source))].map(parts)).toEqual([...subject.matchAll(native)].map(parts));
        expect(subject.match(bounded(source))).toEqual(subject.match(native));
        expect(subject.split(bounded(source))).toEqual(subject.split(native));
        expect(subject.replaceAll(bounded(source), '<$&>')).toEqual(subject.replaceAll(native, '<$&>'));
      }),
      { numRuns: 600 },
    );
  }, 30_000);

  it('of a tokenizer in use cuts as RegExp does', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.constantFrom(..." \n\r's12aZ!/"), fc.string({ unit: 'grapheme', maxLength: 1 })),
      maxLength: 40,
    });
    fc.assert(
      fc.property(texts, fc.constantFrom(...IN_USE), (subject, native) => {
        expect(subject.match(bounded(native.source))).toEqual(subject.match(native));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['(\\d+)+$', '(?:a+)+b', '(?:a|a)*b', '(?:.*a){12}b', '\\s+(?=(?:\\s*)*x)'])('%s can be ended', (source) => {
    let steps = 0;
    const spend = (count: number) => {
      steps += count;
      if (steps > 200_000) throw new Error('ended');
    };
    const subject = source.includes('d')
      ? `${'1'.repeat(34)}x`
      : source.includes('s')
        ? ' '.repeat(34)
        : 'a'.repeat(34);
    expect(() => subject.match(bounded(source, 'gu', spend))).toThrow('ended');
  });

  it('takes no stack for a long text', () => {
    expect('a'.repeat(100_000).match(bounded('(?:a|b)*'))?.[0]).toHaveLength(100_000);
  });

  it.each([
    ['(a)\\1', /not supported/],
    ['\\bword', /not supported/],
    ['(?:a{1000}){1000}', new RegExp(`${MAX_INSTRUCTIONS}`)],
    [`${'(?:'.repeat(200)}a${')'.repeat(200)}`, /100 groups/],
  ])('is refused where it is %s', (source, message) => {
    expect(() => bounded(source)).toThrow(PatternError);
    expect(() => bounded(source)).toThrow(message);
  });
});
