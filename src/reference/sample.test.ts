import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { expectClose } from '../testing/close';
import { sample, survivors } from './sample';

const all = { temperature: 1, topK: 0, topP: 1 };
const logits = [0.5, 0.2, 0.2, 0.1].map(Math.log);
const kept = (options: Partial<typeof all>) =>
  survivors(logits, { ...all, ...options }).flatMap((is, v) => (is ? [v] : []));

describe('which tokens may be drawn', () => {
  test('top-k keeps the k likeliest and what ties with the last of them', () => {
    expect(kept({ topK: 1 })).toEqual([0]);
    expect(kept({ topK: 2 })).toEqual([0, 1, 2]);
    expect(kept({ topK: 99 })).toEqual([0, 1, 2, 3]);
  });

  test('top-p keeps the fewest tokens that hold the probability, and never none', () => {
    expect(kept({ topP: 0.45 })).toEqual([0]);
    expect(kept({ topP: 0.6 })).toEqual([0, 1]);
    expect(kept({ topP: 0.95 })).toEqual([0, 1, 2, 3]);
    expect(kept({ topP: 1e-9 })).toEqual([0]);
  });

  test('top-p is measured after top-k and at the temperature', () => {
    expect(kept({ topK: 2, topP: 0.55 })).toEqual([0]); // 0.5 of 0.9
    expect(kept({ topP: 0.6, temperature: 0.25 })).toEqual([0]);
  });
});

describe('drawing', () => {
  test('tokens come as often as they are likely', () => {
    const draws = rng(1, 'rollout');
    const numDraws = 20_000;
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < numDraws; i++) {
      const token = sample(
        logits,
        logits.map(() => draws.uniform() + 2 ** -25),
        { ...all, temperature: 0.5 },
      );
      counts[token] = (counts[token] ?? 0) + 1;
    }
    const odds = [25, 4, 4, 1].map((odd) => odd / 34);
    const shares = counts.map((count) => count / numDraws);
    expectClose(shares, odds, { absolute: 0.0142, because: 'four standard deviations of a share of 20 000 draws' });
  });

  test('a token that was filtered out is never drawn, whatever the uniforms', () => {
    const uniforms = fc.array(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(fc.property(uniforms, (u) => sample(logits, u, { ...all, topP: 0.6 }) <= 1));
  });
});
