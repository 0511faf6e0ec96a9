import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, parseJson } from './json';

const failure = (text: string) => {
  try {
    parseJson(text, { depth: 4, values: 20 });
  } catch (error) {
    if (error instanceof JsonError) return `${error.kind}: ${error.problem}, ${error.placeIn(text)}`;
    throw error;
  }
  throw new Error('it was read');
};

describe('reading JSON', () => {
  it('gives what JSON.parse gives for all that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses, with a place in the text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '"',
      '\\',
      '1',
      '-0.5e3',
      'true',
      'NaN',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let expected: { readonly value: unknown } | undefined;
        try {
          expected = { value: JSON.parse(text) };
        } catch {
          // Both refuse.
        }
        try {
          expect({ value: parseJson(text) }).toEqual(expected);
        } catch (error) {
          if (!(error instanceof JsonError)) throw error;
          expect(error.position).toBeLessThanOrEqual(text.length);
          if (expected) expect(error.kind).toBe('duplicate');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a":1,"b":{"a":2},"a":3}', 'duplicate: the key "a" is there twice, line 1, column 20'],
    ['{"a":1,\n"\\u0061":3}', 'duplicate: the key "a" is there twice, line 2, column 1'],
    ['{"__proto__":1,"__proto__":2}', 'duplicate: the key "__proto__" is there twice, line 1, column 16'],
    ['["\\udc00\\ud800"]', 'surrogate: half a surrogate pair, line 1, column 2'],
    ['[[[[[]]]]]', 'other: more than 4 objects and lists in one another, line 1, column 5'],
    [`[${'0,'.repeat(20)}0]`, 'other: more than 20 values, line 1, column 39'],
    ['{"a": NaN}', 'other: NaN is not expected, line 1, column 7'],
    ['[-Infinity]', 'other: Infinity is not expected, line 1, column 3'],
    ['"a', 'other: a string without an end, line 1, column 1'],
    ['["\\x"]', 'other: a malformed string, line 1, column 2'],
  ])('refuses %s', (text, message) => {
    expect(failure(text)).toBe(message);
  });

  it('keeps a key that every object has as the object’s own', () => {
    const value = parseJson('{"__proto__":{"a":1}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('a' in value).toBe(false);
  });
});
