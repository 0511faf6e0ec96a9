import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advantages, decoupledAdvantages, type MaybeReward, type ScaleRewards, weightedSum } from './advantages';

// Five groups of four: an ordinary one, one all equal, one with an unscorable member, one with a single reward, one
// with none. The expected numbers were printed by TRL 1.13's own lines in float64.
const REWARDS: MaybeReward[] = [
  [1.1, 0.1, 0, 1.1],
  [0.1, 0.1, 0.1, 0.1],
  [1, null, 0.05, 0.1],
  [null, 1.1, null, null],
  [null, null, null, null],
].flat();

function expectClose(got: ArrayLike<number>, expected: readonly number[]) {
  expect(got.length).toBe(expected.length);
  // The result is stored as float32.
  for (const [index, value] of expected.entries()) expect(got[index]).toBeCloseTo(value, 6);
}

/** Made by reference/python/make_advantages.py. */
interface TrlCase {
  readonly scale_rewards: ScaleRewards;
  readonly multi_objective_aggregation: string;
  readonly num_generations: number;
  readonly weights: readonly number[];
  /** One row a sample, one column a reward. */
  readonly scores: readonly (readonly MaybeReward[])[];
  readonly advantages: readonly number[];
  readonly frac_reward_zero_std: number;
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/advantages.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly TrlCase[];
};

describe.each(['group', 'batch', 'none'] as const)('advantages scaled by %s', (scale) => {
  const own = cases.filter(
    ({ scale_rewards, multi_objective_aggregation }) =>
      scale_rewards === scale && multi_objective_aggregation === 'sum_then_normalize',
  );

  test.each(own)('of $num_generations answers with the weights $weights equal what TRL computes', (one) => {
    const rewards = one.scores.map((scores) => weightedSum(scores, one.weights));
    const result = advantages(rewards, one.num_generations, scale);
    expectClose(result.advantages, one.advantages);
    expect(result.fracZeroStd).toBeCloseTo(one.frac_reward_zero_std, 6);
  });

  test('have cases with gaps, with groups all equal and with groups of nothing', () => {
    expect(own).toHaveLength(16);
    expect(own.every(({ scores }) => scores.flat().includes(null))).toBe(true);
    expect(own.filter(({ advantages }) => advantages.some((value) => value !== 0)).length).toBeGreaterThan(12);
  });
});

describe('advantages of rewards that are compared each by itself', () => {
  const own = cases.filter((one) => one.multi_objective_aggregation === 'normalize_then_sum');

  test.each(own)('of $num_generations answers with the weights $weights equal what TRL computes', (one) => {
    const result = decoupledAdvantages(one, one.num_generations);
    expectClose(result.advantages, one.advantages);
    expect(result.fracZeroStd).toBeCloseTo(one.frac_reward_zero_std, 6);
  });

  test('have cases', () => {
    expect(own).toHaveLength(16);
  });

  test('tell two answers apart that earn the same in all: the rarer reward weighs more', () => {
    const scores = [
      [1, 0],
      [0, 1],
      [1, 0],
      [1, 0],
    ];
    const { advantages: decoupled, groupStds } = decoupledAdvantages({ scores, weights: [1, 0.5] }, 4);
    expect(groupStds[0]).toBeGreaterThan(0);
    expect(decoupled[0]).toBeGreaterThan(decoupled[1] as number);
    // Of equal weight and spread the two rewards cancel where only one of them is earned.
    const even = decoupledAdvantages({ scores, weights: [1, 1] }, 4).advantages;
    for (const advantage of even) expect(advantage).toBeCloseTo(0, 6);
  });
});

describe('advantages', () => {
  test('equal TRL when scaled by the group', () => {
    const result = advantages(REWARDS, 4, 'group');
    expectClose(
      result.advantages.slice(0, 12),
      [0.86392608, -0.7816474058, -0.9462047544, 0.86392608, 0, 0, 0, 0, 1.1532217167, 0, -0.6233630901, -0.5298586266],
    );
    expect([...result.advantages.slice(12)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(result.fracZeroStd).toBe(0.2);
    expect(result.rewardMean).toBeCloseTo(0.4125, 12);
    // TRL's count / (count − 1) is float32 whatever the rewards are.
    expect(result.rewardStd).toBeCloseTo(0.49088279280522024, 7);
    expect(result.groupMeans[0]).toBeCloseTo(0.575, 12);
    expect(result.groupStds[1]).toBe(0);
    expect(result.groupStds[3]).toBeNaN();
    expect(result.groupMeans[4]).toBeNaN();
  });

  test('equal TRL when scaled by the batch, whose std is then the one tested for zero', () => {
    const result = advantages(REWARDS, 4, 'batch');
    expectClose(
      result.advantages.slice(0, 12),
      [
        1.0692839091, -0.9674473463, -1.1711204719, 1.0692839091, 0, 0, 0, 0, 1.2559842743, 0, -0.6789104185,
        -0.5770738557,
      ],
    );
    expect(result.fracZeroStd).toBe(0);
    expect(advantages([1, 1, 1, 1], 2, 'batch').fracZeroStd).toBe(1);
  });

  test('equal TRL when not scaled', () => {
    const result = advantages(REWARDS, 4, 'none');
    expectClose(
      result.advantages.slice(0, 12),
      [0.525, -0.475, -0.575, 0.525, 0, 0, 0, 0, 0.6166666667, 0, -0.3333333333, -0.2833333333],
    );
    expect(result.fracZeroStd).toBe(0.2);
  });

  test('equal the fixture that TRL computed', () => {
    const file = readFileSync('src/testing/fixtures/deepseek_v3/golden.safetensors');
    const headerSize = Number(file.readBigUInt64LE(0));
    const header = JSON.parse(file.toString('utf8', 8, 8 + headerSize));
    const read = (name: string) => {
      const [start, end] = header[name].data_offsets;
      return Array.from({ length: (end - start) / 4 }, (_, i) => file.readFloatLE(8 + headerSize + start + 4 * i));
    };
    expectClose(advantages(read('grpo.rewards'), 4, 'group').advantages, read('grpo.advantages'));
  });

  test('of a group with equal rewards are exactly zero, whatever the reward and the group size', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), fc.integer({ min: 2, max: 64 }), (reward, size) => {
        const result = advantages(new Array(size).fill(reward), size, 'group');
        expect(result.advantages.every((value) => value === 0)).toBe(true);
        expect(result.fracZeroStd).toBe(1);
      }),
    );
  });

  test('sum to zero in every group and never depend on a constant added to the rewards', () => {
    const groups = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(groups, fc.integer({ min: -100, max: 100 }), (rewards, shift) => {
        const { advantages: plain } = advantages(rewards, 4, 'group');
        const { advantages: shifted } = advantages(
          rewards.map((reward) => reward + shift),
          4,
          'group',
        );
        // Float32 values of at most 1.5.
        expect(Math.abs(plain.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-6);
        for (const [index, value] of plain.entries()) expect(shifted[index]).toBeCloseTo(value, 5);
      }),
    );
  });

  test('refuse rewards that do not fill their groups', () => {
    expect(() => advantages([1, 2, 3], 2, 'group')).toThrow('3 rewards do not fill whole groups of 2');
    expect(() => advantages([], 2, 'group')).toThrow(RangeError);
    expect(() => advantages([1], 1, 'group')).toThrow(RangeError);
  });
});
