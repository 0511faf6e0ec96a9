import { describe, expect, test } from 'vitest';
import type { Rope, YarnScaling } from '../model/architecture';
import { yarnScale } from '../model/rope';
import { parseRope, ropeOf } from '../model/ropeJson';
import { expectClose } from '../testing/close';
import transformers from '../testing/fixtures/rope.json';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { dot } from './array';
import { rope, ropeAttentionFactor, ropeBackward, ropeFrequencies, ropeTable } from './rope';

const plain = (width: number): Rope => ({ width, theta: 10000, isInterleaved: true, scaling: null });

/** DeepSeek-V3's own numbers. */
const v3Scaling: YarnScaling = {
  kind: 'yarn',
  factor: 40,
  originalPositions: 4096,
  betaFast: 32,
  betaSlow: 1,
  mscale: 1,
  mscaleAllDim: 1,
  attentionFactor: null,
  truncate: true,
};
const v3: Rope = { ...plain(64), scaling: v3Scaling };

describe('rotary embedding', () => {
  const table = ropeTable(plain(6), 40);

  test('position 0 changes nothing', () => {
    const x = normals(12, 1);
    expect([...rope(x, [0, 0], table, { heads: 1, headDim: 6, ropeDim: 6, interleaved: true })]).toEqual([...x]);
  });

  test('the first pair turns by one radian a position', () => {
    const shape = { heads: 1, headDim: 2, ropeDim: 2, interleaved: true };
    const y = rope([1, 0], [3], ropeTable(plain(2), 4), shape);
    expectClose(y, [Math.cos(3), Math.sin(3)], { absolute: 1e-15, because: 'f64' });
  });

  test.each([true, false])('scores depend on the distance alone (interleaved: %s)', (interleaved) => {
    const [q, k] = [normals(6, 1), normals(6, 2)];
    const shape = { heads: 1, headDim: 6, ropeDim: 6, interleaved };
    const score = (qAt: number, kAt: number) =>
      dot(rope(q, [qAt], table, shape), 0, rope(k, [kAt], table, shape), 0, 6);
    expectClose([score(39, 30)], [score(9, 0)], { absolute: 1e-6, because: 'transformers rounds angles to f32' });
  });

  test('half-split pairs give the scores of interleaved ones whose numbers were reordered', () => {
    const shape = { heads: 1, headDim: 6, ropeDim: 6, interleaved: true };
    const reorder = (x: ArrayLike<number>) => [0, 2, 4, 1, 3, 5].map((i) => Number(x[i]));
    const x = normals(6, 3);
    const halfSplit = rope(reorder(x), [7], table, { ...shape, interleaved: false });
    expect([...halfSplit]).toEqual(reorder(rope(x, [7], table, shape)));
  });

  test.each([true, false])(
    'its gradient is its derivative and leaves the rest of a head alone (interleaved: %s)',
    (interleaved) => {
      const shape = { heads: 3, headDim: 10, ropeDim: 6, interleaved };
      const [x, dy] = [normals(60, 1), normals(60, 2)];
      const positions = [5, 11];
      const dx = ropeBackward(dy, positions, table, shape);
      expectGradient(dx, (v) => weighted(rope(v, positions, table, shape), dy), x);
      expect([...dx.subarray(10, 14)]).toEqual([...dy.subarray(10, 14)]);
    },
  );
});

test.each(transformers.cases)('$name turns as in transformers', ({ width, config, frequencies, attentionFactor }) => {
  const spec = ropeOf(parseRope(config, config.max_position_embeddings), width, false);
  const ratios = ropeFrequencies(spec).map((frequency, i) => frequency / (frequencies[i] as number));
  expectClose(ratios, new Array(width / 2).fill(1), { absolute: 2e-6, because: 'transformers computes them in f32' });
  expect(ropeAttentionFactor(spec.scaling)).toBeCloseTo(attentionFactor, 12);
});

describe('YaRN', () => {
  test("DeepSeek-V3 scales its scores by 1.87385 more than a head's width asks", () => {
    expect(yarnScale(v3Scaling)).toBeCloseTo(1.87385, 5);
    expect(ropeAttentionFactor(v3Scaling)).toBe(1);
  });

  test('fast pairs keep their frequency and slow ones are stretched by the factor', () => {
    const frequencies = ropeFrequencies(v3);
    const ratios = ropeFrequencies({ ...v3, scaling: null }).map((f, i) => f / Number(frequencies[i]));
    // The correction range of base 10000, 64 dimensions, 4096 positions is 10 … 23.
    expectClose(ratios.subarray(0, 11), new Array(11).fill(1), { absolute: 1e-12, because: 'f64' });
    expectClose(ratios.subarray(23), new Array(9).fill(40), { absolute: 1e-12, because: 'f64' });
    expectClose([ratios[16] ?? 0], [1 / (6 / 13 / 40 + 7 / 13)], { relative: 1e-12, because: 'f64' });
  });

  test('without mscale the magnitude is in the table, with attention_factor it is that', () => {
    const noMscale = { ...v3Scaling, mscale: null, mscaleAllDim: null };
    expect(ropeAttentionFactor(noMscale)).toBeCloseTo(0.1 * Math.log(40) + 1, 12);
    expect(yarnScale(noMscale)).toBe(1);
    const given = { ...v3, scaling: { ...v3Scaling, attentionFactor: 1.25 } };
    expect(ropeTable(given, 1).cos[0]).toBe(1.25);
  });
});
