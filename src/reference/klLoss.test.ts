import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { klDivergence, klDivergenceBackward } from './klLoss';

describe('reverse KL divergence', () => {
  test('of two coins is what a hand calculates, and not the same the other way round', () => {
    const [p, q] = [
      [Math.log(0.5), Math.log(0.5)],
      [Math.log(0.9), Math.log(0.1)],
    ];
    const expected = 0.5 * Math.log(0.5 / 0.9) + 0.5 * Math.log(0.5 / 0.1);
    expectClose(klDivergence(p, q, 1, 1), [expected], { absolute: 1e-14, because: 'f64' });
    expect(klDivergence(q, p, 1, 1)[0]).not.toBeCloseTo(expected, 3);
  });

  test('is zero exactly where both distributions are equal, whatever is added to the logits', () => {
    const logits = normals(12, 1);
    expectClose(
      klDivergence(
        logits,
        logits.map((z) => z + 7),
        3,
        0.6,
      ),
      [0, 0, 0],
      {
        absolute: 1e-14,
        because: 'f64',
      },
    );
    expect(klDivergence(logits, normals(12, 2), 3, 1).every((kl) => kl > 0)).toBe(true);
  });

  test('its gradient is its derivative at any temperature', () => {
    const [logits, teacher, weights] = [normals(15, 1), normals(15, 2), normals(3, 3)];
    for (const temperature of [1, 0.6]) {
      const loss = (z: Float64Array) => weighted(klDivergence(z, teacher, 3, temperature), weights);
      expectGradient(klDivergenceBackward(weights, logits, teacher, temperature), loss, logits);
    }
  });
});
