import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCells, loadOfChoices } from './load';

describe('the load of experts', () => {
  it('is a multiple of the even share', () => {
    const [row] = loadCells([{ layer: 2, counts: [0, 10, 20, 10] }]);
    expect(row?.map(({ ratio }) => ratio)).toEqual([0, 1, 2, 1]);
    expect(row?.[2]).toMatchObject({ layer: 2, expert: 2, count: 20 });
  });

  it('averages to one in every layer that saw tokens', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 32 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        const ratios = loadCells([{ layer: 0, counts }])[0]?.map(({ ratio }) => ratio) ?? [];
        expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / counts.length).toBeCloseTo(1, 9);
      }),
    );
  });

  it('of an answer counts each of its tokens once for each of its experts', () => {
    const to = (...experts: number[]) => experts.map((expert) => ({ expert, weight: 0.5 }));
    const router = { scoring: 'sigmoid', isNormalized: true, scale: 1, bias: [] } as const;
    const choices = [{ layer: 1, numExperts: 4, tokens: [to(0, 3), to(3, 1), to(3, 0)], scores: [], router }];
    expect(loadOfChoices(choices)).toEqual([{ layer: 1, counts: [2, 1, 0, 3] }]);
  });

  it('is zero everywhere before any token', () => {
    expect(loadCells([{ layer: 0, counts: [0, 0] }])[0]?.map(({ ratio }) => ratio)).toEqual([0, 0]);
  });
});
