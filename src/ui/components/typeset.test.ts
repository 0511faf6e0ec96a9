import { describe, expect, it } from 'vitest';
import { parseTyped, writeNumber } from './NumberInput';
import { isArithmetic, toPlainMaths, toTex } from './typeset';

describe('mathematics on the page', () => {
  it('gets true minus signs and air around operators, and none after a sign', () => {
    expect(toPlainMaths('9-8+3=?')).toBe('9 − 8 + 3 = ?');
    expect(toPlainMaths('4-7=-3')).toBe('4 − 7 = −3');
    expect(toPlainMaths('-3')).toBe('−3');
    expect(toPlainMaths('3*4=12')).toBe('3 × 4 = 12');
    expect(toPlainMaths('\\sqrt{4x-31}=x-1')).toBe('√(4x − 31) = x − 1');
    expect(toPlainMaths('x^2-x-6=0')).toBe('x² − x − 6 = 0');
    expect(toPlainMaths('\\varnothing')).toBe('∅');
    expect(toPlainMaths('2*x*x+3')).toBe('2*x*x + 3');
  });

  it('is typeset when it is an equation or marked by dollars, and left alone when it is a sum or words', () => {
    expect(toTex('9-8+3-7=?')).toBeUndefined();
    expect(isArithmetic('9-8+3-7=?')).toBe(true);
    expect(isArithmetic('x=-1')).toBe(false);
    expect(toTex('x+2=?')).toBe('x+2=\\mathord{?}');
    expect(toTex('$\\sqrt{x}=2$')).toBe('\\sqrt{x}=2');
    expect(toTex('\\sqrt{x+3}=x-5')).toBe('\\sqrt{x+3}=x-5');
    expect(toTex('x=-1,x=0')).toBe('x={-}1,\\;x=0');
    expect(toTex('\\varnothing')).toBe('\\varnothing');
    expect(toTex('\\sqrt{x+3')).toBeUndefined();
    expect(toTex('\\sqrt{\\href{x}}')).toBeUndefined();
    expect(toTex('2*x+3')).toBeUndefined();
    expect(toTex('what is 2+2')).toBeUndefined();
    expect(toTex('1+'.repeat(300))).toBeUndefined();
  });
});

describe('a typed number', () => {
  it('may be written in any of the usual ways', () => {
    expect([parseTyped('1e-4'), parseTyped('0,5'), parseTyped('−3'), parseTyped(' ')]).toEqual([1e-4, 0.5, -3, null]);
    expect(parseTyped('１２．５')).toBe(12.5);
    for (const text of ['fast', '1,000', '12,500']) expect(parseTyped(text)).toBeNaN();
  });

  it('is written back so that it reads the same', () => {
    for (const value of [0, 1, 0.28, 1e-4, 1e-8, 150]) expect(parseTyped(writeNumber(value))).toBe(value);
    expect(writeNumber(1e-4)).toBe('1e-4');
  });
});
