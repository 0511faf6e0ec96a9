// Pairs for learning from preferences: two answers a problem from a model, of which a simulated rater prefers one. What is made
// depends on the seed alone, not on where it was stopped.
import * as v from 'valibot';
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import { type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { canCheck, prefersFirst } from '../../rewards/rater';
import { sampleProblem } from '../../tasks/split';
import type { Difficulty, Problem, Task } from '../../tasks/task';
import { type JudgedAnswer, questionGenerator, sampleAnswers } from '../evaluation/evaluate';
import type { Metrics, Training, TrainingMemory } from '../training';
import {
  type PairReport,
  type PairSettings,
  pairReport,
  type SampledPair,
  sampledPairSchema,
  skillOf,
} from './pairSettings';

const BATCH = 64;
/** Problems answered for each pair that is wanted, before it is given up. */
const MOST_PROBLEMS = 16;

/** What it remembers: plain JSON. */
const metaSchema = v.object({ problems: v.number(), tokens: v.number(), pairs: v.array(sampledPairSchema) });

/** Two answers to a problem, if both ended and they differ. */
function candidates(answers: readonly JudgedAnswer[]): readonly [JudgedAnswer, JudgedAnswer] | undefined {
  const [first, second] = answers;
  if (!first || !second || first.completion.text === second.completion.text) return undefined;
  return answers.every(({ rollout }) => rollout.stop === 'end') ? [first, second] : undefined;
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

/** Throws UnratedTaskError where a rater cannot tell how large a problem is. */
export function checkRated(task: Task): void {
  canCheck(task.parse(task.examples[0] as string) ?? { task: task.name, question: '', answer: '' }, 1);
}

export class PairSampling implements Training {
  #problems = 0;
  #tokens = 0;
  readonly #pairs: SampledPair[] = [];

  private constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    private readonly task: Task,
    private readonly difficulty: Difficulty,
    private readonly settings: PairSettings,
    private readonly sampling: SamplingOptions,
    private readonly generator: Generator,
  ) {}

  /** Throws UnratedTaskError. */
  static create(
    runtime: Runtime,
    model: LanguageModel,
    task: Task,
    difficulty: Difficulty,
    settings: PairSettings,
  ): PairSampling {
    checkRated(task);
    const { temperature } = settings;
    const sampling = samplingOf(model, temperature === null ? {} : { temperature });
    const generator = questionGenerator(runtime, model, 2 * BATCH, sampling.maxNewTokens);
    return new PairSampling(runtime, model, task, difficulty, settings, sampling, generator);
  }

  /** Pairs found. */
  get step(): number {
    return this.#pairs.length;
  }

  /** Pairs wanted; those found, where a model answers most problems twice in the same way. */
  get total(): number {
    const { pairs } = this.settings;
    return this.#problems < pairs * MOST_PROBLEMS ? pairs : this.step;
  }

  /** Of the answers. */
  get tokens(): number {
    return this.#tokens;
  }

  get preferences(): { readonly pairs: readonly SampledPair[]; readonly report: PairReport } {
    return { pairs: this.#pairs, report: pairReport(this.#pairs, this.#problems) };
  }

  /** Has the next problems answered twice each. */
  async run(): Promise<Metrics> {
    const { runtime, model, task, difficulty, generator, sampling } = this;
    const { seed, rater, pairs: wanted } = this.settings;
    const drawn = Array.from({ length: BATCH }, (_, i) =>
      sampleProblem(task, difficulty, 'train', rng(seed, 'prefer', this.#problems + i, 1)),
    );
    const options = { sampling, seed: seed + this.#problems, samples: 2 };
    for (const answers of await sampleAnswers(runtime, model, generator, task, drawn as Problem[], options)) {
      const index = this.#problems++;
      for (const { rollout } of answers) this.#tokens += rollout.tokens.length;
      const both = candidates(answers);
      if (!both || this.#pairs.length >= wanted) continue;
      const [first, second] = both;
      const isFirst = prefersFirst(both, skillOf(rater), { seed, index });
      this.#pairs.push(pairOf(isFirst ? first : second, isFirst ? second : first));
    }
    const { pairs, chosen_correct, rejected_correct } = this.preferences.report;
    return { pairs, chosen_correct, rejected_correct };
  }

  async remember(): Promise<TrainingMemory> {
    const meta: v.InferOutput<typeof metaSchema> = {
      problems: this.#problems,
      tokens: this.#tokens,
      pairs: [...this.#pairs],
    };
    return { meta, arrays: {} };
  }

  /** Throws valibot's ValiError for the memory of another training. */
  restore({ meta }: TrainingMemory): void {
    const { problems, tokens, pairs } = v.parse(metaSchema, meta);
    this.#problems = problems;
    this.#tokens = tokens;
    this.#pairs.splice(0, this.#pairs.length, ...pairs);
  }

  destroy(): Promise<void> {
    return this.generator.destroy();
  }
}
