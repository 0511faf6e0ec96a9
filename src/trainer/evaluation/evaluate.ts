// Accuracy on problems, held out or not: answers sampled by the engine, judged by the task's verifier.
import type { SamplingOptions } from '../../engine/generateRequest';
import { Generator } from '../../engine/generator';
import type { LanguageModel } from '../../engine/languageModel';
import type { Rollout } from '../../engine/rollout';
import type { Runtime } from '../../engine/runtime';
import {
  generateControlled,
  type ThinkingControl,
  ThinkingControlError,
  type ThinkingTokens,
} from '../../engine/thinkingControl';
import { PURPOSE, type Purpose, pcg4d, rng } from '../../lib/rng';
import type { DecodeCapacity } from '../../model/decodeState';
import { type Completion, parseCompletion, THINK_CLOSE, THINK_OPEN } from '../../tasks/completion';
import { type Split, sampleProblem } from '../../tasks/split';
import { languageShare } from '../../tasks/steps';
import type { Difficulty, Problem, Task, Verdict } from '../../tasks/task';
import { MAX_PROMPT_TOKENS } from '../positions';

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
  /** Whether the prompt opened the thought; its tag is then in the completion's text, but not among the rollout's tokens. */
  readonly isThinkingOpened: boolean;
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
  /** Of a mixture, by each task's name; undefined where all problems are of one. */
  readonly tasks?: Readonly<Record<string, { problems: number; accuracy: number }>>;
  readonly answers: readonly JudgedAnswer[];
}

/** Tokens between the think tags, of which the prompt may have opened the first; 0 without both tags. */
export function countThinkingTokens(model: LanguageModel, tokens: readonly number[], isOpened: boolean): number {
  const first = isOpened ? 0 : tokens.indexOf(model.tokenizer.idOf(THINK_OPEN) ?? -1) + 1;
  const close = tokens.indexOf(model.tokenizer.idOf(THINK_CLOSE) ?? -1);
  return isOpened || first > 0 ? Math.max(0, close - first) : 0;
}

export async function judge(
  { sandbox }: Runtime,
  model: LanguageModel,
  task: Task,
  problem: Problem,
  rollout: Rollout,
): Promise<JudgedAnswer> {
  const { tokenizer } = model;
  const isThinkingOpened = tokenizer.opensThinking(tokenizer.encodePrompt(problem.question));
  const completion = parseCompletion(tokenizer.decode(rollout.tokens), isThinkingOpened);
  return {
    problem,
    rollout,
    completion,
    isThinkingOpened,
    verdict: await task.verify(problem, completion.answer, sandbox),
    thinkingTokens: countThinkingTokens(model, rollout.tokens, isThinkingOpened),
  };
}

/**
 * A generator that answers up to `rollouts` questions at once. @param isControlled whether thinking is to be controlled, which
 * takes room for it in the prompts.
 */
export function questionGenerator(
  runtime: Runtime,
  model: LanguageModel,
  rollouts: number,
  maxNewTokens: number,
  isControlled = false,
): Generator {
  return new Generator(runtime, model.weights, {
    rollouts,
    maxNewTokens,
    promptTokens: rollouts * (MAX_PROMPT_TOKENS + (isControlled ? maxNewTokens : 0)),
    hasAlternatives: false,
  });
}

/** How many of the prompts, from the first on, a generator takes at once: at least one, so that it can say what is too long. */
export function countFitting(
  prompts: readonly (readonly number[])[],
  { rollouts, promptTokens }: DecodeCapacity,
): number {
  let room = promptTokens;
  const fitting = prompts.slice(0, rollouts).findIndex((prompt) => {
    room -= prompt.length - 1;
    return room < 0;
  });
  return Math.max(1, fitting < 0 ? Math.min(prompts.length, rollouts) : fitting);
}

export interface SampleOptions {
  readonly sampling: SamplingOptions;
  readonly seed: number;
  /** Answers to each problem. */
  readonly samples: number;
  /** Without one the model thinks as it likes. */
  readonly control?: ThinkingControl | undefined;
  /** Called with the number of problems answered, as they end; it never falls. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Does one batch, when the device is free. Without it batches follow one another. */
  readonly inTurn?: (<T>(batch: () => Promise<T>) => Promise<T>) | undefined;
  /** Ends the work, within a batch where the thinking is left alone: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Keeps the random numbers of a phase of controlled thinking apart from those of the next. */
const MEMBERS_PER_PHASE = 2 ** 16;

/** What is said to a model that ends its thinking too soon. */
const WAIT = ' wait ';

/** Throws ThinkingControlError where the tags are not single tokens. */
export function thinkingTokens({ tokenizer }: LanguageModel): ThinkingTokens {
  const [open, close] = [tokenizer.idOf(THINK_OPEN), tokenizer.idOf(THINK_CLOSE)];
  if (open !== undefined && close !== undefined) return { open, close, wait: tokenizer.encode(WAIT) };
  throw new ThinkingControlError(
    `The model has no single token for ${THINK_OPEN} and ${THINK_CLOSE}.`,
    'Leave its thinking alone, or choose a model that thinks between these tags.',
  );
}

/** Answers each problem `samples` times and judges: the answers by problem, in order. */
export async function sampleAnswers(
  runtime: Runtime,
  model: LanguageModel,
  generator: Generator,
  task: Task,
  problems: readonly Problem[],
  { sampling, seed, samples, control, onProgress, inTurn = (batch) => batch(), signal }: SampleOptions,
): Promise<JudgedAnswer[][]> {
  const answers: JudgedAnswer[][] = [];
  const prompts = problems.map((problem) => model.tokenizer.encodePrompt(problem.question));
  const capacity = { ...generator.capacity, rollouts: Math.floor(generator.capacity.rollouts / samples) };
  while (answers.length < problems.length) {
    signal?.throwIfAborted();
    const first = answers.length;
    const count = countFitting(prompts.slice(first), capacity);
    const request = {
      prompts: prompts.slice(first, first + count),
      members: samples,
      sampling,
      key: (group: number, member: number, phase = 0) =>
        rolloutKey(seed, 'evaluate', first + group, 1 + member + phase * MEMBERS_PER_PHASE),
      onProgress: (ended: number) => onProgress?.(first + Math.floor(ended / samples), problems.length),
    };
    const rollouts = await inTurn(() =>
      control
        ? generateControlled(generator, { ...request, control, thinking: thinkingTokens(model) })
        : generator.generate({ ...request, ...(signal && { onTokens: () => !signal.aborted }) }),
    );
    signal?.throwIfAborted();
    const judged = await Promise.all(
      rollouts.map((rollout) => judge(runtime, model, task, problems[first + rollout.group] as Problem, rollout)),
    );
    for (let i = 0; i < count; i++) answers.push(judged.slice(i * samples, (i + 1) * samples));
    onProgress?.(answers.length, problems.length);
  }
  return answers;
}

/** Answers each problem once and judges. `onProgress` is called with the number answered; `signal` is as in SampleOptions. */
export async function evaluate(
  runtime: Runtime,
  model: LanguageModel,
  generator: Generator,
  task: Task,
  problems: readonly Problem[],
  sampling: SamplingOptions,
  seed: number,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const options = { sampling, seed, samples: 1, onProgress, signal };
  return summarizeAnswers((await sampleAnswers(runtime, model, generator, task, problems, options)).flat());
}

/** Share of the words of thinking in each language: the mean over the answers that have words, both 0 if none has. */
export function thinkingLanguage(answers: readonly JudgedAnswer[]): Evaluation['language'] {
  const shares = answers
    .map((answer) => languageShare(answer.completion.thinking ?? ''))
    .filter((share) => share.en + share.zh > 0);
  const mean = (key: 'en' | 'zh') => shares.reduce((sum, share) => sum + share[key], 0) / Math.max(1, shares.length);
  return { en: mean('en'), zh: mean('zh') };
}

/** The shares as metrics; none where no thinking had words. */
export function languageMetrics({ en, zh }: Evaluation['language'], prefix: string): Record<string, number> {
  return en + zh === 0 ? {} : { [`${prefix}/thinking_language/en`]: en, [`${prefix}/thinking_language/zh`]: zh };
}

/** The accuracy of each task; undefined where all answers are of one. */
function accuracyByTask(answers: readonly JudgedAnswer[]): Evaluation['tasks'] {
  const names = [...new Set(answers.map(({ problem }) => problem.task))].sort();
  if (names.length < 2) return undefined;
  return Object.fromEntries(
    names.map((name) => {
      const own = answers.filter(({ problem }) => problem.task === name);
      const right = own.filter(({ verdict }) => verdict.correct).length;
      return [name, { problems: own.length, accuracy: right / own.length }];
    }),
  );
}

export function summarizeAnswers(answers: readonly JudgedAnswer[]): Evaluation {
  const mean = (value: (answer: JudgedAnswer) => number) =>
    answers.reduce((sum, answer) => sum + value(answer), 0) / Math.max(1, answers.length);
  const tasks = accuracyByTask(answers);
  return {
    accuracy: mean((answer) => Number(answer.verdict.correct)),
    formatRate: mean((answer) => Number(answer.completion.wellFormed)),
    meanThinkingTokens: mean((answer) => answer.thinkingTokens),
    meanTokens: mean((answer) => answer.rollout.tokens.length),
    clippedRatio: mean((answer) => Number(answer.rollout.stop !== 'end')),
    language: thinkingLanguage(answers),
    ...(tasks && { tasks }),
    answers,
  };
}
