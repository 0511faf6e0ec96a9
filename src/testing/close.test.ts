import { describe, expect, test } from 'vitest';
import { expectClose, relativeL2 } from './close';
import { expectGradient } from './gradientCheck';

const because = 'a reason';

describe('closeness', () => {
  test('numbers within the bound pass, by either measure', () => {
    expectClose([1, 1000.5], [1, 1000], { relative: 1e-3, because });
    expectClose([1.05], [1], { absolute: 0.1, because });
  });

  test('a failure names the worst place, both values and the reason', () => {
    expect(() => expectClose([1, 2.5, 3.1], [1, 2, 3], { absolute: 0.01, because })).toThrow(
      /2 of 3 numbers.*worst is at 1: got 2\.5, expected 2.*a reason/,
    );
  });

  test('NaN is never close, and outranks any other error', () => {
    expect(() => expectClose([Number.NaN], [0], { absolute: 1e9, because })).toThrow('got NaN');
    expect(() => expectClose([5, Number.NaN], [0, 0], { absolute: 1, because })).toThrow('worst is at 1');
  });

  test('an infinity is close to itself alone', () => {
    expectClose([Number.NEGATIVE_INFINITY], [Number.NEGATIVE_INFINITY], { absolute: 0, because });
    expect(() => expectClose([1e30], [Number.POSITIVE_INFINITY], { relative: 1, because })).toThrow('not close');
  });

  test('arrays of unlike length are not close', () => {
    expect(() => expectClose([1], [1, 2], { absolute: 1, because })).toThrow('1 numbers where 2');
  });

  test('relative L2 compares lengths of vectors', () => {
    expect(relativeL2([3, 5], [3, 4])).toBeCloseTo(0.2, 15);
    expect(relativeL2([0, 2], [0, 0])).toBe(2);
  });
});

test('a gradient that is a thousandth off is noticed', () => {
  const square = (x: Float64Array) => x.reduce((total, value) => total + value ** 2, 0);
  expectGradient([2, 6], square, Float64Array.of(1, 3));
  expect(() => expectGradient([2, 6.006], square, Float64Array.of(1, 3))).toThrow('worst is at 1');
});
