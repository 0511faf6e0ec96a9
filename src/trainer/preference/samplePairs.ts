// Pairs for learning from preferences: two answers a problem from a model, of which a simulated rater prefers one.

import type { LanguageModel } from '../../engine/languageModel';
import { samplingOf } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { prefersFirst } from '../../rewards/rater';
import { sampleProblem } from '../../tasks/split';
import type { Difficulty, Task } from '../../tasks/task';
import { type JudgedAnswer, questionGenerator, sampleAnswers } from '../evaluation/evaluate';
import type { PreferenceText } from './pairs';

export interface PairOptions {
  readonly seed: number;
  /** Pairs that are wanted. */
  readonly pairs: number;
  /** Of the rater: the largest size of problem whose answers it can check. */
  readonly skill: number;
  readonly temperature?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A pair in TRL's preference format, and what the verifier says of its answers, which nobody learns from. */
export interface SampledPair extends PreferenceText {
  readonly chosen_correct: boolean;
  readonly rejected_correct: boolean;
}

export interface SampledPairs {
  readonly pairs: readonly SampledPair[];
  /** Problems that were answered. */
  readonly problems: number;
}

const BATCH = 64;
/** Problems answered for each pair that is wanted, before it is given up. */
const MOST_PROBLEMS = 16;

/** Two answers to a problem, if both ended and they differ. */
function candidates(answers: readonly JudgedAnswer[]): readonly [JudgedAnswer, JudgedAnswer] | undefined {
  const [first, second] = answers;
  if (!first || !second || first.completion.text === second.completion.text) return undefined;
  return answers.every(({ rollout }) => rollout.stop === 'end') ? [first, second] : undefined;
}

/** Fewer pairs than are wanted where a model answers most problems twice in the same way. Throws UnratedTaskError. */
export async function samplePairs(
  runtime: Runtime,
  model: LanguageModel,
  task: Task,
  difficulty: Difficulty,
  { seed, pairs: wanted, skill, temperature, onProgress }: PairOptions,
): Promise<SampledPairs> {
  const sampling = samplingOf(model, temperature === undefined ? {} : { temperature });
  const generator = questionGenerator(runtime, model, 2 * BATCH, sampling.maxNewTokens);
  const pairs: SampledPair[] = [];
  let problems = 0;
  try {
    while (pairs.length < wanted && problems < wanted * MOST_PROBLEMS) {
      const drawn = Array.from({ length: BATCH }, (_, i) =>
        sampleProblem(task, difficulty, 'train', rng(seed, 'prefer', problems + i, 1)),
      );
      const options = { sampling, seed: seed + problems, samples: 2 };
      for (const answers of await sampleAnswers(runtime, model, generator, task, drawn, options)) {
        const index = problems++;
        const both = candidates(answers);
        if (!both || pairs.length >= wanted) continue;
        const [first, second] = both;
        const isFirst = prefersFirst(both, skill, { seed, index });
        pairs.push(pairOf(isFirst ? first : second, isFirst ? second : first));
      }
      onProgress?.(pairs.length, wanted);
    }
  } finally {
    await generator.destroy();
  }
  return { pairs, problems };
}

function pairOf(chosen: JudgedAnswer, rejected: JudgedAnswer): SampledPair {
  return {
    prompt: chosen.problem.question,
    chosen: chosen.completion.text,
    rejected: rejected.completion.text,
    chosen_correct: chosen.verdict.correct,
    rejected_correct: rejected.verdict.correct,
  };
}
