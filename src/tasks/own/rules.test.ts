import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitsRule, isRight, usualRule } from './rules';

it('an exact answer may differ in white space and in the spelling of signs alone', () => {
  expect(isRight(' new   york ', 'new york', 'exact')).toBe(true);
  expect(isRight('７－３', '7-3', 'exact')).toBe(true);
  expect(isRight('New York', 'new york', 'exact')).toBe(false);
  expect(isRight('0.50', '0.5', 'exact')).toBe(false);
});

it('a number is right however it is written', () => {
  for (const written of ['0.5', '.50', '1/2', '-2/-4', '+0.5']) expect(isRight(written, '0.5', 'number')).toBe(true);
  for (const written of ['0.51', '5', '', 'a half', '1/0', '1e-1', '0.5.0', '-0.5'])
    expect(isRight(written, '0.5', 'number')).toBe(false);
});

it('numbers are equal exactly where their values are', () => {
  const whole = fc.integer({ min: -999, max: 999 });
  const below = fc.integer({ min: 1, max: 99 });
  fc.assert(
    fc.property(whole, below, whole, below, (a, b, c, d) => {
      expect(isRight(`${a}/${b}`, `${c}/${d}`, 'number')).toBe(a * d === c * b);
    }),
  );
});

it('an expression is right where it has the same value for every x', () => {
  expect(isRight('2(x+1)', '2x+2', 'expression')).toBe(true);
  expect(isRight('x^2-1', '(x-1)(x+1)', 'expression')).toBe(true);
  expect(isRight('2x+3', '2x+2', 'expression')).toBe(false);
  expect(isRight('x', '\\sqrt{x}\\sqrt{x}', 'expression')).toBe(false);
  expect(isRight('alert(1)', '2x+2', 'expression')).toBe(false);
});

it('knows which answers a rule can judge, and the rule of an answer that names none', () => {
  expect(fitsRule('Paris', 'number')).toBe(false);
  expect(fitsRule('2x+', 'expression')).toBe(false);
  expect(fitsRule('1/0', 'expression')).toBe(false);
  expect(['42', '-1/3', 'Paris'].map(usualRule)).toEqual(['number', 'number', 'exact']);
});
