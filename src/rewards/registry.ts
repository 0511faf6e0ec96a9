// The rewards there are, by name, and their weighted sum.
import { SoliloquyError } from '../lib/errors';
import { accuracy } from './accuracy';
import { casesPassed } from './casesPassed';
import { format } from './format';
import { languageConsistency } from './languageConsistency';
import { process } from './process';
import type { Reward, Sample } from './reward';
import { softOverlong } from './softOverlong';

/** Asked for a reward by a name that none has. */
export class UnknownRewardError extends SoliloquyError {}

/** A reward gave a number that cannot be learned from. */
export class RewardValueError extends SoliloquyError {}

const REWARDS: readonly Reward[] = [
  accuracy,
  casesPassed,
  format,
  languageConsistency('en'),
  languageConsistency('zh'),
  process,
  softOverlong,
];

/** Reward weights by name: the `reward_weights` of a run. */
export type RewardWeights = Readonly<Record<string, number>>;

export interface SampleScore {
  /** Unweighted scores by reward name; null where a reward does not apply. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Weighted sum of the scores that apply, as TRL's nansum; null if none applies. */
  readonly total: number | null;
}

export function allRewards(): readonly Reward[] {
  return REWARDS;
}

export function findReward(name: string): Reward | undefined {
  return REWARDS.find((reward) => reward.name === name);
}

/** Throws UnknownRewardError, listing the rewards there are. */
export function getReward(name: string): Reward {
  const reward = findReward(name);
  if (reward) return reward;
  throw new UnknownRewardError(
    `There is no reward named ${JSON.stringify(name)}.`,
    `Use one of: ${REWARDS.map((known) => known.name).join(', ')}.`,
  );
}

/** Scores samples by every reward that has a weight; a weight of 0 scores and logs without counting. */
export async function scoreSamples(samples: readonly Sample[], weights: RewardWeights): Promise<SampleScore[]> {
  return samples.map((sample) => scoreSample(sample, weights));
}

function scoreSample(sample: Sample, weights: RewardWeights): SampleScore {
  const scores: Record<string, number | null> = {};
  let total: number | null = null;
  for (const [name, weight] of Object.entries(weights)) {
    const score = getReward(name).score(sample);
    if (score !== null && !Number.isFinite(score)) {
      throw new RewardValueError(`The reward ${name} gave ${score}.`, 'It must give a finite number or null.');
    }
    scores[name] = score;
    if (score !== null) total = (total ?? 0) + weight * score;
  }
  return { scores, total };
}
