import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { rmsNorm, rmsNormBackward } from './rmsNorm';

describe('RMS norm', () => {
  test('3 and 4 are divided by the root of their mean square', () => {
    const expected = [3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5)];
    expectClose(rmsNorm([3, 4], [1, 2], 0), expected, { relative: 1e-15, because: 'f64' });
  });

  test('a row of zeros stays zero', () => {
    expect([...rmsNorm([0, 0], [1, 1], 1e-6)]).toEqual([0, 0]);
  });

  test('its gradients are its derivatives, also where eps matters', () => {
    const [x, weight, dy] = [normals(15, 1), normals(5, 2), normals(15, 3)];
    for (const eps of [1e-6, 0.5]) {
      const { dx, dWeight } = rmsNormBackward(dy, x, weight, eps);
      expectGradient(dx, (v) => weighted(rmsNorm(v, weight, eps), dy), x);
      expectGradient(dWeight, (v) => weighted(rmsNorm(x, v, eps), dy), weight);
    }
  });
});
