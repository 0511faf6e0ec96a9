// The reader's own reward: JavaScript that defines `reward(sample)`, run in the sandbox.
import type { GuestError, GuestOutcome, Sandbox } from '../sandbox/sandbox';
import type { Sample } from './reward';

/** Its name in `reward_weights`; its source is the run's `custom_reward`. */
export const CUSTOM = 'custom';

/** What the reader's function is given: plain data, the same for every task. */
export type CustomSample = {
  readonly question: string;
  /** The right answer in canonical form. */
  readonly expected: string;
  /** All that was generated. */
  readonly completion: string;
  /** Text between the think tags; null without both. */
  readonly thinking: string | null;
  /** Trimmed text between the answer tags; null without both. */
  readonly answer: string | null;
  /** The verifier's word. */
  readonly correct: boolean;
  /** One think block followed by one answer block and nothing else. */
  readonly wellFormed: boolean;
  /** How many of its cases the answer passes; null where the task has none. */
  readonly cases: { readonly passed: number; readonly total: number } | null;
  readonly numTokens: number;
  readonly maxTokens: number;
  /** Cut by the length limit. */
  readonly truncated: boolean;
};

export type CustomScore = { readonly score: number | null } | { readonly error: GuestError };

/** A sample as the reader's function sees it. */
export function customSample({ problem, completion, verdict, ...rest }: Sample): CustomSample {
  const { numTokens, maxTokens, truncated } = rest;
  return {
    question: problem.question,
    expected: problem.answer,
    completion: completion.text,
    thinking: completion.thinking ?? null,
    answer: completion.answer ?? null,
    correct: verdict.correct,
    wellFormed: completion.wellFormed,
    cases: verdict.cases ?? null,
    numTokens,
    maxTokens,
    truncated,
  };
}

/**
 * Calls `reward` for each sample. What throws, does not end, or gives anything but a finite number or null is an error.
 * @throws SandboxError if the sandbox itself cannot be started.
 */
export async function scoreCustom(
  source: string,
  samples: readonly CustomSample[],
  sandbox: Sandbox,
): Promise<CustomScore[]> {
  const script = `${source}\n;if (typeof reward !== 'function') throw 'There is no function named reward.'; reward`;
  return (await sandbox.run(script, samples)).map(toScore);
}

function toScore(outcome: GuestOutcome): CustomScore {
  if ('error' in outcome) return outcome;
  const { value } = outcome;
  if (value === null || typeof value === 'number') return { score: value };
  const shown = JSON.stringify(value).slice(0, 60);
  return { error: { message: `The result is ${shown}; it must be a number or null.` } };
}
