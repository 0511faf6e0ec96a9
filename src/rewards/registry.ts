// The rewards there are, by name, and their weighted sum.
import { SoliloquyError } from '../lib/errors';
import type { GuestError, Sandbox } from '../sandbox/sandbox';
import { CUSTOM, type CustomScore, customSample, scoreCustom } from './custom';
import type { Reward, RewardNeed, Sample } from './reward';

/** Asked for a reward by a name that none has. */
export class UnknownRewardError extends SoliloquyError {
  readonly code = 'unknown_reward';
}

/** The reader's own reward has a weight but no code. */
export class MissingRewardError extends SoliloquyError {
  readonly code = 'missing_reward';
}

/** A reward gave a number that cannot be learned from. */
export class RewardValueError extends SoliloquyError {
  readonly code = 'bad_reward_value';
}

const files = import.meta.glob<Reward>('./kinds/*.ts', { import: 'reward', eager: true });
const REWARDS: readonly Reward[] = Object.values(files);

/** What a run says of its rewards. */
export interface RewardOptions {
  /** Weights by name. One of 0 scores and logs without counting. */
  readonly reward_weights: Readonly<Record<string, number>>;
  /** JavaScript that defines `reward(sample)`: the reward named `custom`. */
  readonly custom_reward: string;
}

export interface SampleScore {
  /** Unweighted scores by reward name; null where a reward does not apply. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Weighted sum of the scores that apply, as TRL's nansum; null if none applies or one that counts failed. */
  readonly total: number | null;
  /** Why the reader's own reward gave no score. */
  readonly error?: GuestError;
  /** A reward that counts failed: nothing can be said of this sample, nor of its group. */
  readonly isFailed: boolean;
}

/** The built-in rewards. */
export function allRewards(): readonly Reward[] {
  return REWARDS;
}

/** Whether one of the weighted rewards needs more than the answer. */
export function rewardsNeed(need: RewardNeed, { reward_weights }: Pick<RewardOptions, 'reward_weights'>): boolean {
  return REWARDS.some(({ name, needs }) => needs === need && name in reward_weights);
}

/** A built-in reward. Throws UnknownRewardError, listing the rewards there are. */
export function getReward(name: string): Reward {
  const reward = REWARDS.find((known) => known.name === name);
  if (reward) return reward;
  throw new UnknownRewardError(
    `There is no reward named ${JSON.stringify(name)}.`,
    `Use one of: ${[...REWARDS.map((known) => known.name), CUSTOM].join(', ')}.`,
  );
}

/** Throws UnknownRewardError or MissingRewardError for a weight without a reward. */
export function checkRewards({ reward_weights, custom_reward }: RewardOptions): void {
  for (const name of Object.keys(reward_weights)) if (name !== CUSTOM) getReward(name);
  if (CUSTOM in reward_weights && custom_reward.trim() === '') {
    throw new MissingRewardError(
      'The reward custom has a weight but no code.',
      'Write its code, or take its weight away.',
    );
  }
}

/** Scores samples by every reward that has a weight. A failure of the reader's own is kept with its sample, never a score. */
export async function scoreSamples(
  samples: readonly Sample[],
  { reward_weights, custom_reward }: RewardOptions,
  sandbox: Sandbox,
): Promise<SampleScore[]> {
  const custom =
    CUSTOM in reward_weights ? await scoreCustom(custom_reward, samples.map(customSample), sandbox) : undefined;
  return samples.map((sample, i) => scoreSample(sample, reward_weights, custom?.[i]));
}

function scoreSample(
  sample: Sample,
  weights: RewardOptions['reward_weights'],
  custom: CustomScore | undefined,
): SampleScore {
  const scores: Record<string, number | null> = {};
  let total: number | null = null;
  for (const [name, weight] of Object.entries(weights)) {
    const score = custom !== undefined && name === CUSTOM ? scoreOf(custom) : getReward(name).score(sample);
    if (score !== null && !Number.isFinite(score)) {
      throw new RewardValueError(`The reward ${name} gave ${score}.`, 'It must give a finite number or null.');
    }
    scores[name] = score;
    if (score !== null) total = (total ?? 0) + weight * score;
  }
  if (custom === undefined || !('error' in custom)) return { scores, total, isFailed: false };
  const isFailed = weights[CUSTOM] !== 0;
  return { scores, total: isFailed ? null : total, error: custom.error, isFailed };
}

const scoreOf = (custom: CustomScore) => ('error' in custom ? null : custom.score);
