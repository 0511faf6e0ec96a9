// What a reward function is. Each is logged on its own as rewards/{name}/mean and /std.
import type { Completion } from '../tasks/completion';
import type { Language, Problem, Verdict } from '../tasks/task';

/** One finished rollout as a reward function sees it. */
export interface Sample {
  readonly problem: Problem;
  readonly completion: Completion;
  /** What the task's verifier says of the answer. */
  readonly verdict: Verdict;
  /** Number of generated tokens, the end token included. */
  readonly numTokens: number;
  /** The most tokens it was allowed to generate (max_completion_length). */
  readonly maxTokens: number;
  /** True when generation was cut by the length limit instead of ending itself. */
  readonly truncated: boolean;
  /** Whether who gave this answer has won the game that was played on from there; undefined where none was played. */
  readonly hasWon?: boolean | undefined;
  /** Of a problem that the model wrote: whether there is something to learn from it; undefined for an answer. */
  readonly isLearnable?: boolean | undefined;
  /** What the run's reward model makes of it; undefined where there is none. */
  readonly grade?: number | undefined;
}

/** What a reward is called on the page, and what it is for. */
export interface RewardText {
  readonly label: string;
  readonly help: string;
}

/** The name is what options and metrics call it. */
export interface RewardAbout extends Readonly<Record<Language, RewardText>> {
  readonly name: string;
}

export type RewardNeed = 'game' | 'reward model' | 'proposals';

/** A file in kinds/ is a reward: it exports itself as `reward`, and what is said of it as `about`. */
export interface Reward {
  readonly name: string;
  /** The least and the most that it scores. */
  readonly range: readonly [number, number];
  /** What has to be known beside the answer: how the game ends that it begins, or how a reward model grades it. */
  readonly needs?: RewardNeed;
  /** A finite score, or null where the reward does not apply (TRL's `None`). */
  score(sample: Sample): number | null;
}
