// What a reward function is. Each is logged on its own as rewards/{name}/mean and /std.
import type { Completion } from '../tasks/completion';
import type { Problem, Verdict } from '../tasks/task';

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
}

export interface Reward {
  readonly name: string;
  /** A finite score, or null where the reward does not apply (TRL's `None`). */
  score(sample: Sample): number | null;
}
