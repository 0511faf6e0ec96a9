import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { logProb, logProbBackward } from './logProb';

describe('log-probability and entropy', () => {
  test('equal logits give −log V and log V', () => {
    const { logp, entropy, logSumExp } = logProb(new Float64Array(10).fill(3), [4], 0.5);
    expectClose([...logp, ...entropy, ...logSumExp], [-Math.log(10), Math.log(10), 6 + Math.log(10)], {
      absolute: 1e-14,
      because: 'f64',
    });
  });

  test('a certain token has probability 1 and no entropy, and huge logits do not overflow', () => {
    const { logp, entropy } = logProb([1e5, 0, -1e5], [0], 1);
    expect([logp[0], entropy[0]]).toEqual([0, 0]);
  });

  test('a lower temperature sharpens', () => {
    const half = logProb([Math.log(9), 0], [0], 0.5);
    expect(half.logp[0]).toBeCloseTo(Math.log(81 / 82), 12);
  });

  test('its gradient is its derivative at any temperature', () => {
    const [logits, dLogp, dEntropy, targets] = [normals(15, 1), normals(3, 2), normals(3, 3), [4, 0, 2]];
    for (const temperature of [1, 0.6]) {
      const loss = (v: Float64Array) => {
        const { logp, entropy } = logProb(v, targets, temperature);
        return weighted(logp, dLogp) + weighted(entropy, dEntropy);
      };
      expectGradient(logProbBackward(dLogp, dEntropy, logits, targets, temperature), loss, logits);
    }
  });
});
