import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sample, survivors } from './sample';

const all = { temperature: 1, topK: 0, topP: 1 };
const logits = [0.2, 0.5, 0.1, 0.2].map(Math.log);
const kept = (options: Partial<typeof all>) =>
  survivors(logits, { ...all, ...options }).flatMap((survives, v) => (survives ? [v] : []));

describe('which tokens may be drawn', () => {
  test('top-k keeps the k likeliest and what ties with the last of them', () => {
    expect(kept({ topK: 1 })).toEqual([1]);
    expect(kept({ topK: 2 })).toEqual([0, 1, 3]);
    expect(kept({ topK: 99 })).toEqual([0, 1, 2, 3]);
  });

  test('top-p keeps the likeliest tokens that together hold the probability, and never none', () => {
    expect(kept({ topP: 0.45 })).toEqual([1]);
    expect(kept({ topP: 0.6 })).toEqual([0, 1, 3]);
    expect(kept({ topP: 0.95 })).toEqual([0, 1, 2, 3]);
    expect(kept({ topP: 1e-9 })).toEqual([1]);
  });

  test('top-p is measured on what top-k left, at the temperature', () => {
    expect(kept({ topK: 2, topP: 0.55 })).toEqual([1]); // 0.5 of 0.9
    expect(kept({ topP: 0.6, temperature: 0.25 })).toEqual([1]);
  });
});

describe('drawing', () => {
  test('each token owns a stretch of the unit interval as long as it is likely', () => {
    const draw = (uniform: number) => sample(logits, uniform, all);
    expect([0.001, 0.199, 0.201, 0.699, 0.701, 0.799, 0.801, 0.999].map(draw)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  test('the survivors share the whole interval, at their temperature', () => {
    const options = { temperature: 0.5, topK: 2, topP: 1 }; // 4 : 25 : 4
    const draw = (uniform: number) => sample(logits, uniform, options);
    expect([3.9 / 33, 4.1 / 33, 28.9 / 33, 29.1 / 33].map(draw)).toEqual([0, 1, 1, 3]);
  });

  test('whatever the logits, the draw is a token that survives', () => {
    const anyLogits = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 12 });
    const uniform = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
    fc.assert(
      fc.property(anyLogits, uniform, fc.integer({ min: 0, max: 5 }), (values, u, topK) => {
        const options = { temperature: 0.7, topK, topP: 0.8 };
        return survivors(values, options)[sample(values, u, options)] === true;
      }),
    );
  });
});
