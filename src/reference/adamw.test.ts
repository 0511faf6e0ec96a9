import { describe, expect, test } from 'vitest';
import { adamw, clipScale, globalNorm } from './adamw';

const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };
const fresh = (weight: number) => ({
  weight: Float64Array.of(weight),
  m: new Float64Array(1),
  v: new Float64Array(1),
});

describe('AdamW', () => {
  test('the first step is the learning rate against the sign of the gradient, whatever its size', () => {
    for (const grad of [1e-3, 1e3]) {
      const state = fresh(2);
      adamw(state, [grad], 1, 1, options);
      expect(state.weight[0]).toBeCloseTo(1.9, 5);
    }
  });

  test('decay shrinks a weight without touching the moments', () => {
    const state = fresh(2);
    adamw(state, [0], 1, 1, { ...options, weightDecay: 0.5 });
    expect(state.weight[0]).toBeCloseTo(2 * (1 - 0.05), 12);
    expect([state.m[0], state.v[0]]).toEqual([0, 0]);
  });

  test('two steps give the numbers worked out by hand', () => {
    const state = fresh(0);
    adamw(state, [1], 1, 1, options);
    adamw(state, [-4], 0.5, 2, options);
    // m = 0.9·0.1 − 0.1·2, v = 0.95·0.05 + 0.05·4; corrected by 0.19 and 0.0975
    expect(state.weight[0]).toBeCloseTo(-0.1 + (0.1 * (0.11 / 0.19)) / Math.sqrt(0.2475 / 0.0975), 8);
  });

  test('clipping acts on all tensors together, and only when they are too long', () => {
    expect(globalNorm([[3], [0, 4]])).toBe(5);
    expect(clipScale(5, 1) * 5).toBeCloseTo(1, 5);
    expect(clipScale(0.5, 1)).toBe(1);
  });
});
