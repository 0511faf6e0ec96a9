// What is told of one answer is what the step did.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolloutGroup, RolloutMember } from '../runs/run';
import { advantages } from '../trainer/grpo/advantages';
import { type GrpoConfig, type GrpoOptions, grpoConfig } from '../trainer/grpo/grpoConfig';
import { LOSS_TYPE_NAMES } from '../trainer/objectives/lossTypes';
import { answerFormula } from './answerFormula';

const member = (reward: number, advantage: number, numTokens: number): RolloutMember => ({
  tokens: Array.from({ length: numTokens }, () => ({ text: 'x', part: 'thinking', logp: -0.5 })),
  answer: '1',
  rewards: { accuracy: reward },
  reward,
  advantage,
  stopReason: 'end',
});

/** A step of the engine's own: rewards by group, lengths by answer. */
function stepOf(
  config: GrpoConfig,
  rewards: readonly (readonly number[])[],
  lengths: readonly number[],
): RolloutGroup[] {
  const size = config.num_generations;
  const outcome = advantages(rewards.flat(), size, config.scale_rewards);
  return rewards.map((group, index) => ({
    step: 3,
    index,
    question: '1+1=?',
    gold: '2',
    rewardMean: outcome.groupMeans[index] as number,
    rewardStd: outcome.groupStds[index] as number,
    members: group.map((reward, m) => {
      const i = index * size + m;
      return member(reward, outcome.advantages[i] as number, lengths[i] as number);
    }),
  }));
}

const places = (groups: readonly RolloutGroup[]) =>
  groups.flatMap((group) => group.members.map((_, m) => ({ groups, group, member: m })));

const NUM_PROMPTS = 2;
const SIZE = 4;
const step = fc.record({
  rewards: fc.array(fc.array(fc.constantFrom(0, 0.1, 1, 1.1), { minLength: SIZE, maxLength: SIZE }), {
    minLength: NUM_PROMPTS,
    maxLength: NUM_PROMPTS,
  }),
  lengths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: NUM_PROMPTS * SIZE, maxLength: NUM_PROMPTS * SIZE }),
});
const withDefaults = (options: GrpoOptions) =>
  grpoConfig({ num_prompts: NUM_PROMPTS, num_generations: SIZE, reward_weights: { accuracy: 1 }, ...options });

describe('the formula of an answer', () => {
  it('has the advantage that the step had, from the mean and the std that it tells', () => {
    fc.assert(
      fc.property(step, fc.constantFrom('group', 'batch', 'none'), ({ rewards, lengths }, scale_rewards) => {
        const config = withDefaults({ scale_rewards });
        for (const place of places(stepOf(config, rewards, lengths))) {
          const { reward, mean, std, advantage } = answerFormula(place, config);
          expect((reward - mean) / (std === undefined ? 1 : std + 1e-4)).toBeCloseTo(advantage, 5);
        }
      }),
    );
  });

  it('shares out the whole loss of a mini-batch, whatever the loss type and however the generation is cut', () => {
    const type = fc.constantFrom(...LOSS_TYPE_NAMES);
    fc.assert(
      fc.property(step, type, fc.constantFrom(1, 2, 4), ({ rewards, lengths }, loss_type, steps_per_generation) => {
        const config = withDefaults({ loss_type, steps_per_generation, scale_rewards: 'none' });
        const told = places(stepOf(config, rewards, lengths)).map((place) => answerFormula(place, config));
        // On the weights that sampled every token's term is −A, of cispo −ε·A·logp at most.
        for (const { tokens, weight, numAnswers, numTokens, advantage } of told) {
          expect(numAnswers).toBe((NUM_PROMPTS * SIZE) / steps_per_generation);
          const cap = Math.min(1, config.epsilon_high ?? config.epsilon);
          const factor = { cispo: cap * 0.5, vespo: 0.5, sapo: 0 }[loss_type as string] ?? -1;
          if (factor !== 0) {
            for (const { loss } of tokens) expect(loss).toBeCloseTo(weight * factor * advantage, 10);
          }
          const expected = {
            grpo: 1 / (numAnswers * tokens.length),
            sapo: 1 / (numAnswers * tokens.length),
            luspo: 1 / numAnswers,
            dr_grpo: 1 / (numAnswers * config.max_completion_length),
            bnpo: 1 / (numTokens ?? Number.NaN),
            dapo: steps_per_generation / (numTokens ?? Number.NaN),
            cispo: steps_per_generation / (numTokens ?? Number.NaN),
            vespo: steps_per_generation / (numTokens ?? Number.NaN),
          }[loss_type];
          expect(weight).toBeCloseTo(expected, 12);
        }
        const total = lengths.reduce((sum, length) => sum + length, 0);
        if (loss_type === 'dapo') expect(told[0]?.numTokens).toBe(total);
        if (loss_type === 'bnpo') {
          // Every token weighs one part of its own mini-batch, so a mini-batch's weights add up to 1.
          const sum = told.reduce((all, { weight, tokens }) => all + weight * tokens.length, 0);
          expect(sum).toBeCloseTo(steps_per_generation, 10);
        }
      }),
    );
  });

  it('takes the log-probabilities that were read again, and says which token the clip stopped', () => {
    const config = withDefaults({ loss_type: 'grpo', beta: 0.1, scale_rewards: 'none' });
    const groups = stepOf(
      config,
      [
        [1, 0, 0, 0],
        [1, 1, 1, 1],
      ],
      [2, 2, 2, 2, 2, 2, 2, 2],
    );
    const [group] = groups as [RolloutGroup];
    const again = { logps: [-0.5, -0.1], refLogps: [-0.5, -0.5] };
    const { tokens } = answerFormula({ groups, group, member: 0 }, config, again);
    expect(tokens.map(({ isCut }) => isCut)).toEqual([false, true]);
    expect(tokens[0]).toMatchObject({ ratio: 1, kl: { k3: 0, factor: 1 } });
    expect(tokens[1]?.ratio).toBeCloseTo(Math.exp(0.4), 12);
    expect(tokens[1]?.clipped).toBe(1.2);
    expect(tokens[1]?.kl?.k3).toBeCloseTo(Math.exp(-0.4) + 0.4 - 1, 12);
  });

  it('learns nothing from an answer that is left out, and says why', () => {
    const config = withDefaults({ mask_truncated_completions: true });
    const [group, other] = stepOf(
      config,
      [
        [1, 0, 0, 0],
        [1, 1, 1, 0],
      ],
      [2, 2, 2, 2, 2, 2, 2, 2],
    ) as [RolloutGroup, RolloutGroup];
    const cut = { ...group, members: group.members.map((one) => ({ ...one, stopReason: 'length' as const })) };
    const failed = { ...group, isLeftOut: true };
    for (const [one, leftOut] of [
      [cut, 'truncated'],
      [failed, 'failed'],
    ] as const) {
      const formula = answerFormula({ groups: [one, other], group: one, member: 0 }, config);
      expect(formula).toMatchObject({ leftOut, weight: 0, loss: 0 });
    }
    expect(answerFormula({ groups: [cut, other], group: other, member: 0 }, config).leftOut).toBeUndefined();
  });

  it('estimates what it divides by where not all groups are at hand, and says so', () => {
    const config = grpoConfig({ num_prompts: 16, num_generations: SIZE, loss_type: 'dapo' });
    const groups = stepOf(config, [[1, 0, 0, 0]], [2, 4, 6, 8]);
    const [group] = groups as [RolloutGroup];
    const formula = answerFormula({ groups, group, member: 0 }, config);
    expect(formula).toMatchObject({ isEstimated: true, numTokens: 16 * 20 });
  });

  it('refuses a place that the group does not have', () => {
    const config = withDefaults({});
    const groups = stepOf(
      config,
      [
        [1, 0, 0, 0],
        [1, 1, 1, 1],
      ],
      [2, 2, 2, 2, 2, 2, 2, 2],
    );
    expect(() => answerFormula({ groups, group: groups[0] as RolloutGroup, member: 4 }, config)).toThrow(RangeError);
  });
});
