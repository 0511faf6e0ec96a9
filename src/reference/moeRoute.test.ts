import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { moeRoute, moeRouteBackward } from './moeRoute';

const options = {
  experts: 6,
  topK: 2,
  groups: 3,
  topGroups: 2,
  normalize: true,
  scoring: 'sigmoid',
  scalingFactor: 2.5,
} as const;
/** As in Mixtral, Qwen3-MoE and OLMoE. */
const softmax = { ...options, groups: 1, topGroups: 1, scoring: 'softmax', scalingFactor: 1 } as const;
const noBias = new Float64Array(6);
const logit = (score: number) => Math.log(score / (1 - score));

describe('the router', () => {
  test('a group is judged by the sum of its two best, not by its best', () => {
    const logits = [0.9, 0.1, 0.6, 0.6, 0.7, 0.4].map(logit); // groups: 1.0, 1.2, 1.1
    expect([...moeRoute(logits, noBias, { ...options, topGroups: 1 }).experts]).toEqual([2, 3]);
    expect([...moeRoute(logits, noBias, options).experts]).toEqual([4, 2]);
    expect([...moeRoute(logits, noBias, { ...options, topGroups: 3 }).experts]).toEqual([0, 4]);
  });

  test('a bias chooses but does not weigh', () => {
    const logits = [0.9, 0.8, 0.2, 0.3, 0.1, 0.1].map(logit);
    const { experts, weights } = moeRoute(logits, [0, 0, 2, 2, 0, 0], options);
    expect([...experts]).toEqual([3, 2]);
    expectClose(weights, [(2.5 * 0.3) / 0.5, (2.5 * 0.2) / 0.5], { absolute: 1e-14, because: 'f64' });
  });

  test('experts outside the kept groups stay out however negative the biases are', () => {
    const logits = [0.2, 0.1, 0.9, 0.8, 0.3, 0.3].map(logit);
    const { experts } = moeRoute(logits, new Float64Array(6).fill(-5), { ...options, topGroups: 1 });
    expect([...experts]).toEqual([2, 3]);
  });

  test('of equal experts and equal groups the lowest index comes first', () => {
    expect([...moeRoute(new Float64Array(6), noBias, { ...options, topGroups: 1 }).experts]).toEqual([0, 1]);
  });

  test('normalized weights add up to the scaling factor, others are the scaled scores', () => {
    const logits = normals(60, 1);
    const sums = moeRoute(logits, noBias, options).weights.reduce((total, weight) => total + weight);
    expect(sums).toBeCloseTo(2.5 * 10, 10);
    const raw = moeRoute([0.9, 0.1, 0.6, 0.6, 0.7, 0.4].map(logit), noBias, { ...options, normalize: false });
    expectClose(raw.weights, [2.5 * 0.7, 2.5 * 0.6], { absolute: 1e-14, because: 'f64' });
  });

  test('the chosen experts are distinct and lie in at most topGroups groups', () => {
    const scores = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 3 }), (logits, topGroups) => {
        const wide = { ...options, experts: 12, topGroups, topK: 4 };
        const experts = [...moeRoute(logits, new Float64Array(12), wide).experts];
        expect(new Set(experts).size).toBe(4);
        expect(new Set(experts.map((e) => Math.floor(e / 4))).size).toBeLessThanOrEqual(topGroups);
      }),
    );
  });

  test('a softmax weighs by its share of all experts, or normalised of the chosen ones alone', () => {
    const logits = [0.1, 0.2, 0.4, 0.15, 0.1, 0.05].map(Math.log);
    const of = (normalize: boolean) => moeRoute(logits, noBias, { ...softmax, normalize });
    expect([...of(false).experts]).toEqual([2, 1]);
    expectClose(of(false).weights, [0.4, 0.2], { absolute: 1e-14, because: 'f64' });
    expectClose(of(true).weights, [0.4 / 0.6, 0.2 / 0.6], { absolute: 1e-14, because: 'f64' });
  });

  test.each([
    { ...options, normalize: true },
    { ...options, normalize: false },
    { ...softmax, normalize: true },
    { ...softmax, normalize: false },
  ])('its gradient is its derivative ($scoring, normalized: $normalize)', (routed) => {
    const [logits, bias, dWeights] = [normals(18, 2), normals(6, 3), normals(6, 4)];
    const { experts } = moeRoute(logits, bias, routed);
    expectGradient(
      moeRouteBackward(dWeights, logits, experts, routed),
      (v) => weighted(moeRoute(v, bias, routed).weights, dWeights),
      logits,
    );
  });
});
