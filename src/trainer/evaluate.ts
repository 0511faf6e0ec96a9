// Accuracy on problems, held out or not: answers sampled by the engine, judged by the task's verifier.
import { Generator, type Rollout, type SamplingOptions } from '../engine/generator';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { PURPOSE, type Purpose, pcg4d, rng } from '../lib/rng';
import type { DecodeCapacity } from '../model/decodeState';
import { type Completion, parseCompletion } from '../tasks/completion';
import { type Split, sampleProblem } from '../tasks/split';
import { languageShare } from '../tasks/steps';
import type { Difficulty, Problem, Task, Verdict } from '../tasks/task';
import { MAX_PROMPT_TOKENS } from './positions';

/** Key of one rollout's random numbers (shaders/lib/rng.wgsl). */
export function rolloutKey(seed: number, purpose: Purpose, first: number, second: number): [number, number, number] {
  const [k0, k1, k2] = pcg4d(seed >>> 0, PURPOSE[purpose], first >>> 0, second >>> 0);
  return [k0, k1, k2];
}

/** The first `count` problems of a split under a seed. */
export function drawProblems(task: Task, difficulty: Difficulty, split: Split, seed: number, count: number): Problem[] {
  return Array.from({ length: count }, (_, i) => sampleProblem(task, difficulty, split, rng(seed, 'evaluate', i)));
}

export interface JudgedAnswer {
  readonly problem: Problem;
  readonly rollout: Rollout;
  readonly completion: Completion;
  readonly verdict: Verdict;
  readonly thinkingTokens: number;
}

export interface Evaluation {
  readonly accuracy: number;
  /** Share of completions that are exactly a think block and an answer block. */
  readonly formatRate: number;
  readonly meanThinkingTokens: number;
  readonly meanTokens: number;
  /** Share of completions that were cut by the length limit. */
  readonly clippedRatio: number;
  /** Share of the words of thinking in each language, over answers that have words. */
  readonly language: { readonly en: number; readonly zh: number };
  readonly answers: readonly JudgedAnswer[];
}

/** Tokens between the think tags; 0 without both tags. */
export function countThinkingTokens(model: LanguageModel, tokens: readonly number[]): number {
  const open = tokens.indexOf(model.tokenizer.idOf('<think>') ?? -1);
  const close = tokens.indexOf(model.tokenizer.idOf('</think>') ?? -1);
  return open >= 0 && close > open ? close - open - 1 : 0;
}

export async function judge(
  { sandbox }: Runtime,
  model: LanguageModel,
  task: Task,
  problem: Problem,
  rollout: Rollout,
): Promise<JudgedAnswer> {
  const completion = parseCompletion(model.tokenizer.decode(rollout.tokens));
  return {
    problem,
    rollout,
    completion,
    verdict: await task.verify(problem, completion.answer, sandbox),
    thinkingTokens: countThinkingTokens(model, rollout.tokens),
  };
}

/** A generator that answers up to `rollouts` questions at once. */
export function questionGenerator(
  runtime: Runtime,
  model: LanguageModel,
  rollouts: number,
  maxNewTokens: number,
): Generator {
  return new Generator(runtime, model.weights, {
    rollouts,
    maxNewTokens,
    promptTokens: rollouts * MAX_PROMPT_TOKENS,
    hasAlternatives: false,
  });
}

/** How many of the prompts, from the first on, a generator takes at once: at least one, so that it can say what is too long. */
function countFitting(prompts: readonly (readonly number[])[], { rollouts, promptTokens }: DecodeCapacity): number {
  let room = promptTokens;
  const fitting = prompts.slice(0, rollouts).findIndex((prompt) => {
    room -= prompt.length - 1;
    return room < 0;
  });
  return Math.max(1, fitting < 0 ? Math.min(prompts.length, rollouts) : fitting);
}

/** Answers each problem once and judges. `onProgress` is called with the number answered. */
export async function evaluate(
  runtime: Runtime,
  model: LanguageModel,
  generator: Generator,
  task: Task,
  problems: readonly Problem[],
  sampling: SamplingOptions,
  seed: number,
  onProgress?: (done: number, total: number) => void,
): Promise<Evaluation> {
  const answers: JudgedAnswer[] = [];
  const prompts = problems.map((problem) => model.tokenizer.encodePrompt(problem.question));
  while (answers.length < problems.length) {
    const first = answers.length;
    const count = countFitting(prompts.slice(first), generator.capacity);
    const rollouts = await generator.generate({
      prompts: prompts.slice(first, first + count),
      members: 1,
      sampling,
      key: (group) => rolloutKey(seed, 'evaluate', first + group, 1),
    });
    const judged = rollouts.map((rollout, i) => judge(runtime, model, task, problems[first + i] as Problem, rollout));
    answers.push(...(await Promise.all(judged)));
    onProgress?.(answers.length, problems.length);
  }
  return summarizeAnswers(answers);
}

export function summarizeAnswers(answers: readonly JudgedAnswer[]): Evaluation {
  const mean = (value: (answer: JudgedAnswer) => number) =>
    answers.reduce((sum, answer) => sum + value(answer), 0) / Math.max(1, answers.length);
  const shares = answers
    .map((answer) => languageShare(answer.completion.thinking ?? ''))
    .filter((s) => s.en + s.zh > 0);
  const language = (key: 'en' | 'zh') =>
    shares.reduce((sum, share) => sum + share[key], 0) / Math.max(1, shares.length);
  return {
    accuracy: mean((answer) => Number(answer.verdict.correct)),
    formatRate: mean((answer) => Number(answer.completion.wellFormed)),
    meanThinkingTokens: mean((answer) => answer.thinkingTokens),
    meanTokens: mean((answer) => answer.rollout.tokens.length),
    clippedRatio: mean((answer) => Number(answer.rollout.stop !== 'end')),
    language: { en: language('en'), zh: language('zh') },
    answers,
  };
}
