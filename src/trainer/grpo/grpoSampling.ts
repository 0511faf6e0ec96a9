// The answers of a GRPO step: questions drawn, answered by groups, judged and scored while others are still being sampled.
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import { type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Rollout } from '../../engine/rollout';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { rewardsNeed, type SampleScore, scoreSamples } from '../../rewards/registry';
import { sampleProblem } from '../../tasks/split';
import type { Difficulty, Problem, Task } from '../../tasks/task';
import { type JudgedAnswer, judge, rolloutKey } from '../evaluation/evaluate';
import { generationOf } from '../evaluation/samplingSettings';
import { modelPlayer } from '../games/modelPlayer';
import { type Outcome, outcomeMetrics, playOn, remembering } from '../games/playOn';
import { isBroken } from '../health';
import type { Grader } from '../preference/grader';
import type { GrpoConfig } from './grpoConfig';
import type { AskedProblem, OnGrpoPhase } from './grpoStep';

/** What is asked in one generation. */
interface Questions {
  readonly step: number;
  /** With filter_groups a step may take more than one. */
  readonly attempt: number;
  readonly problems: readonly Problem[];
  readonly prompts: readonly (readonly number[])[];
}

/** An answer and what it is worth. */
export interface ScoredAnswer {
  readonly answer: JudgedAnswer;
  readonly score: SampleScore;
}

/** A reward that failed on a member, or a member that could not be drawn, says nothing of its group. */
export const hasFailed = (group: readonly ScoredAnswer[]) =>
  group.some(({ answer, score }) => score.isFailed || isBroken(answer.rollout));

/** What a generation made. */
export interface Sampled {
  readonly answers: readonly ScoredAnswer[];
  readonly promptTokens: number;
  readonly generatedTokens: number;
  /** Generations that it took. */
  readonly numBatches: number;
  /** What there is to tell of how they came about. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Problems that the model wrote, where it does. */
  readonly asked?: readonly AskedProblem[];
}

/** Where the answers of a step come from. */
export interface AnswerSource {
  readonly sampling: SamplingOptions;
  /** Draws the questions of a step before they are needed, where they are known. */
  drawAhead(step: number): void;
  /** Whole groups of answers to one question each. */
  sample(step: number, onPhase?: OnGrpoPhase): Promise<Sampled>;
}

export class GrpoSampler implements AnswerSource {
  /** Of the step to come, drawn while the device was busy with the one before. */
  #next: Questions | undefined;
  /** Of the step under way. */
  #outcomes: Outcome[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    private readonly task: Task,
    private readonly difficulty: Difficulty,
    private readonly config: GrpoConfig,
    private readonly generator: Generator,
    private readonly grader?: Grader,
  ) {}

  get sampling(): SamplingOptions {
    return samplingOf(this.model, generationOf(this.config));
  }

  /** Draws the questions of a step before they are needed. */
  drawAhead(step: number): void {
    this.#next = this.#draw(step, 0);
  }

  #draw(step: number, attempt: number): Questions {
    const { config, model, task, difficulty } = this;
    const problems = Array.from({ length: config.num_prompts }, (_, i) =>
      sampleProblem(task, difficulty, 'train', rng(config.seed, 'problem', step, attempt * config.num_prompts + i)),
    );
    const prompts = problems.map((problem) => model.tokenizer.encodePrompt(problem.question));
    return { step, attempt, problems, prompts };
  }

  /** Draws problems and answers; with filter_groups, again and again until enough groups disagree about the answer. */
  async sample(step: number, onPhase?: OnGrpoPhase): Promise<Sampled> {
    const { config } = this;
    const size = config.num_generations;
    const total = config.num_prompts * size;
    let promptTokens = 0;
    let generatedTokens = 0;
    let numBatches = 0;
    const maxBatches = config.filter_groups ? config.filter_groups_max_num_gen_batches : 1;
    const answers: ScoredAnswer[] = [];
    const spare: ScoredAnswer[] = [];
    this.#outcomes = [];
    while (answers.length < total && numBatches < maxBatches) {
      const attempt = numBatches++;
      const isNext = attempt === 0 && this.#next?.step === step;
      const questions = isNext && this.#next ? this.#next : this.#draw(step, attempt);
      if (attempt === 0) this.model.weights.clearLoads();
      const answered = await this.#answer(questions, (ended) => onPhase?.('sampling', ended, total));
      promptTokens += questions.prompts.reduce((sum, prompt) => sum + prompt.length, 0);
      generatedTokens += answered.reduce((sum, { answer }) => sum + answer.rollout.tokens.length, 0);
      for (let i = 0; i < answered.length && answers.length < total; i += size) {
        const group = answered.slice(i, i + size);
        const [first] = group;
        const differs = group.some(({ answer }) => answer.verdict.correct !== first?.answer.verdict.correct);
        const isUseful = !config.filter_groups || (differs && !hasFailed(group));
        (isUseful ? answers : spare).push(...group);
      }
    }
    // Not enough groups that differ: filled up with groups that teach nothing, so that batches keep their size.
    answers.push(...spare.slice(0, total - answers.length));
    return { answers, promptTokens, generatedTokens, numBatches, metrics: outcomeMetrics(this.#outcomes) };
  }

  /** Answers of every member to every question, each group judged and scored while others are still being sampled. */
  async #answer(questions: Questions, onProgress: (ended: number) => void): Promise<ScoredAnswer[]> {
    const { config } = this;
    const size = config.num_generations;
    const groups: Rollout[][] = questions.prompts.map(() => []);
    const scoring: Promise<ScoredAnswer[]>[] = [];
    // A game is played on by the generator, and grades are read in whole batches: scored when all have ended.
    const isScoredLast = rewardsNeed('game', config) || this.grader !== undefined;
    const all = await this.generator.generate({
      prompts: questions.prompts,
      members: size,
      sampling: this.sampling,
      key: (group, member) => {
        const asked = questions.attempt * config.num_prompts + group;
        return rolloutKey(config.seed, 'rollout', questions.step, asked * size + member);
      },
      onEnded: (rollouts) => {
        for (const rollout of isScoredLast ? [] : rollouts) {
          const group = groups[rollout.group] as Rollout[];
          group.push(rollout);
          // Whole groups in order: what a reader's code remembers must not depend on which answer ended first.
          if (group.length < size) continue;
          const scored = this.#score(
            group.sort((a, b) => a.member - b.member),
            questions,
          );
          // A failure is met below, when all have been sampled.
          scored.catch(() => {});
          scoring.push(scored);
        }
      },
      onProgress,
    });
    const scored = isScoredLast ? await this.#score(all, questions) : (await Promise.all(scoring)).flat();
    const place = ({ answer: { rollout } }: ScoredAnswer) => rollout.group * size + rollout.member;
    return scored.sort((a, b) => place(a) - place(b));
  }

  /** How the games end that begin with these answers, where a reward asks for it and the task is a game. */
  async #playOn(answers: readonly JudgedAnswer[], { step, attempt }: Questions): Promise<readonly Outcome[]> {
    const { model, task, config, generator } = this;
    if (!rewardsNeed('game', config) || !task.game) return [];
    const round = step * config.filter_groups_max_num_gen_batches + attempt;
    // By its likeliest tokens, as well as it can: what a blunder of chance decides says nothing of the move.
    const sampling = { ...this.sampling, temperature: 0 };
    const player = remembering(modelPlayer(model, generator, sampling, config.seed, round));
    const moves = answers.map(({ problem, completion }) => ({ question: problem.question, answer: completion.answer }));
    const outcomes = await playOn(task.game, moves, player);
    this.#outcomes.push(...outcomes);
    return outcomes;
  }

  async #score(rollouts: readonly Rollout[], questions: Questions): Promise<ScoredAnswer[]> {
    const { runtime, model, task, config } = this;
    const { problems } = questions;
    const answers = await Promise.all(
      rollouts.map((rollout) => judge(runtime, model, task, problems[rollout.group] as Problem, rollout)),
    );
    const outcomes = await this.#playOn(answers, questions);
    const sequences = rollouts.map(({ group, tokens }) => ({
      prompt: questions.prompts[group] as readonly number[],
      completion: tokens,
    }));
    const grades = await this.grader?.grade(sequences);
    const samples = answers.map(({ problem, completion, verdict, rollout }, i) => ({
      problem,
      completion,
      verdict,
      numTokens: rollout.tokens.length,
      maxTokens: config.max_completion_length,
      truncated: rollout.stop !== 'end',
      hasWon: outcomes[i]?.hasWon,
      grade: grades?.[i],
    }));
    const scores = await scoreSamples(samples, config, runtime.sandbox);
    return answers.map((answer, i) => ({ answer, score: scores[i] as SampleScore }));
  }
}
