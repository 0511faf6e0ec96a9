// Which routed experts a model uses for which task: counted over the tokens of questions and answers.
import { readExpertChoice } from '../../engine/expertChoice';
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { JudgedAnswer } from './evaluate';

/** Of one task and one MoE layer. */
export interface ExpertUse {
  readonly task: string;
  readonly layer: number;
  /** Share of the tokens' choices that each expert got; together 1. */
  readonly shares: readonly number[];
}

/** Answers read again for each task: the shares hardly move with more. */
const ANSWERS_PER_TASK = 24;

/** By task, then by layer in order of depth. Empty for a model without routed experts. */
export async function expertUse(
  runtime: Runtime,
  model: LanguageModel,
  answers: readonly JudgedAnswer[],
): Promise<ExpertUse[]> {
  const tasks = [...new Set(answers.map(({ problem }) => problem.task))].sort();
  const uses: ExpertUse[] = [];
  for (const task of tasks) {
    const counts = new Map<number, number[]>();
    const own = answers.filter(({ problem }) => problem.task === task).slice(0, ANSWERS_PER_TASK);
    for (const { problem, rollout } of own) {
      const ids = [...model.tokenizer.encodePrompt(problem.question), ...rollout.tokens];
      for (const { layer, numExperts, experts } of await readExpertChoice(runtime, model.weights, ids)) {
        const count = counts.get(layer) ?? Array<number>(numExperts).fill(0);
        for (const expert of experts) count[expert] = (count[expert] ?? 0) + 1;
        counts.set(layer, count);
      }
    }
    for (const [layer, count] of counts) {
      const total = count.reduce((sum, one) => sum + one, 0);
      uses.push({ task, layer, shares: count.map((one) => one / total) });
    }
  }
  return uses;
}
