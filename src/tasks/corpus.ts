// Documents for pretraining, as an unfiltered web would have them: a few think and are right, most blurt out an answer
// and are often wrong, in two languages. Reinforcement learning then has something to find.
import * as v from 'valibot';
import type { Rng } from '../lib/rng';
import { formatCompletion } from './completion';
import { type Split, sampleProblem } from './split';
import type { Difficulty, Task, ThinkingStyle } from './task';

const share = (fallback: number) => v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), fallback);
const weight = v.pipe(v.number(), v.minValue(0));

/** Defaults: the shares from which GRPO was seen to start at about 0.4 accuracy and double the thinking length. */
export const corpusSettingsSchema = v.object({
  /** Share of documents that think; the others answer at once, with empty thinking. */
  think_share: share(0.3),
  /** Share of at-once answers that are wrong. Thinking documents are right. */
  wrong_share: share(0.6),
  /** Relative weights of the languages of thinking. */
  languages: v.optional(
    v.pipe(
      v.object({ en: weight, zh: weight, mixed: weight }),
      v.check(({ en, zh, mixed }) => en + zh + mixed > 0, 'One of the languages needs a weight above 0.'),
    ),
    { en: 0.6, zh: 0.3, mixed: 0.1 },
  ),
  /** Share of thinking documents in which a slip is noticed and put right. */
  self_check_share: share(0.08),
});

export type CorpusSettings = v.InferOutput<typeof corpusSettingsSchema>;
export type CorpusOptions = v.InferInput<typeof corpusSettingsSchema>;

/** Fills in defaults and checks every share. Throws valibot's ValiError naming the setting. */
export function corpusSettings(options: CorpusOptions = {}): CorpusSettings {
  return v.parse(corpusSettingsSchema, options);
}

export interface CorpusDocument {
  readonly question: string;
  /** Think and answer blocks, without the end token. */
  readonly completion: string;
}

function drawLanguage({ en, zh, mixed }: CorpusSettings['languages'], rng: Rng): ThinkingStyle['language'] {
  const point = rng.uniform() * (en + zh + mixed);
  if (point < en) return 'en';
  return point < en + zh ? 'zh' : 'mixed';
}

/** One document on a problem of the split: a pure function of the rng's stream. */
export function document(
  task: Task,
  difficulty: Difficulty,
  settings: CorpusSettings,
  rng: Rng,
  split: Split = 'train',
): CorpusDocument {
  const problem = sampleProblem(task, difficulty, split, rng);
  const { question } = problem;
  if (rng.chance(settings.think_share)) {
    const style = { language: drawLanguage(settings.languages, rng), selfCheck: rng.chance(settings.self_check_share) };
    return { question, completion: formatCompletion(task.think(problem, style, rng), problem.answer) };
  }
  const answer = rng.chance(settings.wrong_share) ? task.blunder(problem, rng) : problem.answer;
  return { question, completion: formatCompletion('', answer) };
}
