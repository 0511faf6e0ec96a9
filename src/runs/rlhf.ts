// The pipeline rlhf: what raters of three skills prefer becomes a learned reward (Ouyang et al., arXiv 2203.02155), which GRPO
// climbs; beside it the same GRPO by the verifier, and DPO on the same pairs.
import { RATER_NAMES, type RaterName } from '../rewards/raters';
import type { Size, StageOptions } from './sizes';

/** Steps of each GRPO: enough to see the truth turn (docs/experiments.md). */
const STEPS = 75;

/** Small steps that end late, and a reference that stays as it is, so that `kl` is that from the start. */
export const CLIMB = { num_prompts: 8, beta: 0.001, sync_ref_model: false, lr_scheduler_type: 'constant' } as const;

export const pairsOf = (rater: RaterName) => `pairs-${rater}`;
export const graderOf = (rater: RaterName) => `grader-${rater}`;
export const learnedFrom = (rater: RaterName) => `learned-${rater}`;
export const VERIFIED = 'verified';

/** Learned reward, and the truth beside it, which nobody learns from. */
export const LEARNED_ALONE = { reward_model: 1, accuracy: 0 };
export const TRUTH_ALONE = { accuracy: 1 };

function learnFrom(rater: RaterName, size: Size): StageOptions[] {
  return [
    {
      kind: 'pairs',
      name: pairsOf(rater),
      summary: `Two answers a problem; the ${rater} prefers one, and checks only sums that are not too long.`,
      from: 'base',
      sampling: { rater, pairs: size.preference.pairs },
    },
    {
      kind: 'reward-model',
      name: graderOf(rater),
      summary: `The base with a head that grades, taught by what the ${rater} preferred (Bradley–Terry).`,
      from: 'base',
      pairs: pairsOf(rater),
      training: size.preference.training,
    },
    {
      kind: 'grpo',
      name: learnedFrom(rater),
      summary: 'GRPO for high grades: the grades rise on and on, the truth for a while.',
      from: 'base',
      reward_model: graderOf(rater),
      preset: 'R1-Zero',
      options: { ...CLIMB, ...size.rl(STEPS), reward_weights: LEARNED_ALONE },
    },
  ];
}

export function rlhfStages(size: Size): StageOptions[] {
  return [
    ...RATER_NAMES.flatMap((rater) => learnFrom(rater, size)),
    {
      kind: 'dpo',
      name: 'preferred',
      summary: 'Direct preference optimization on the teacher’s pairs, without a reward.',
      from: 'base',
      pairs: pairsOf('teacher'),
      training: size.preference.training,
    },
    {
      kind: 'grpo',
      name: VERIFIED,
      summary: 'GRPO for right answers alone: the verifier is not to be talked round.',
      from: 'base',
      preset: 'R1-Zero',
      options: { ...CLIMB, ...size.rl(STEPS), reward_weights: TRUTH_ALONE },
    },
  ];
}
