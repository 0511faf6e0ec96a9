import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { swiglu, swigluBackward } from './swiglu';

describe('SwiGLU', () => {
  test('each row is [gate | up]', () => {
    const silu1 = 1 / (1 + Math.exp(-1));
    expectClose(swiglu([1, 0, 5, 7, -1, 1, 2, 3], 2), [5 * silu1, 0, 2 * (silu1 - 1), 3 * silu1], {
      absolute: 1e-15,
      because: 'f64',
    });
  });

  test('it is finite at both extremes', () => {
    expect([...swiglu([-1e4, 1, 1e4, 1], 1)]).toEqual([-0, 1e4]);
  });

  test('its gradient is its derivative', () => {
    const [x, dy] = [normals(24, 1), normals(12, 2)];
    expectGradient(swigluBackward(dy, x, 3), (v) => weighted(swiglu(v, 3), dy), x);
  });
});
