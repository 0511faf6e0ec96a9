// Rejection sampling (DeepSeek-R1, stage 3): many answers a problem, of which the verified, readable ones become an SFT set.
import * as v from 'valibot';
import { Generator } from '../../engine/generator';
import { type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { sampleProblem } from '../../tasks/split';
import { languageShare } from '../../tasks/steps';
import type { Difficulty, Task } from '../../tasks/task';
import { type JudgedAnswer, judge, rolloutKey } from '../evaluation/evaluate';
import { generationOf, samplingEntries } from '../evaluation/samplingSettings';
import { checkCompletionLength, MAX_PROMPT_TOKENS } from '../positions';
import type { Metrics, Training, TrainingMemory } from '../training';
import {
  REJECTION_REASONS,
  type RejectionReason,
  type RejectionReport,
  rejectionReportSchema,
  type TracedPair,
  tracedPairSchema,
} from './rejectionSet';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

export const rejectionSettingsSchema = v.object({
  seed: v.optional(count, 42),
  /** Training problems to answer. */
  problems: v.optional(positive, 512),
  /** k: answers sampled for each problem. */
  samples: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)), 4),
  ...samplingEntries(),
  /** The language that thinking must be in; null takes any. */
  language: v.optional(v.nullable(v.picklist(['en', 'zh'])), null),
  /** Least share of that language among the words of the thinking. Thinking without a word is of any language. */
  min_language_share: v.optional(share, 1),
  min_thinking_tokens: v.optional(count, 0),
  /** null: no bound. */
  max_thinking_tokens: v.optional(v.nullable(count), null),
  /** The most answers kept of one problem; null: all. */
  max_per_problem: v.optional(v.nullable(positive), null),
});
export type RejectionSettings = v.InferOutput<typeof rejectionSettingsSchema>;

/** Why this answer does not go into the set; undefined if it does. `kept`: the texts already kept for its question. */
export function rejectionReason(
  { rollout, completion, verdict, thinkingTokens }: JudgedAnswer,
  settings: RejectionSettings,
  kept: ReadonlySet<string>,
): RejectionReason | undefined {
  if (rollout.stop !== 'end') return 'truncated';
  if (!completion.wellFormed) return 'malformed';
  if (!verdict.correct) return 'wrong';
  const words = languageShare(completion.thinking ?? '');
  const hasWords = words.en + words.zh > 0;
  if (settings.language !== null && hasWords && words[settings.language] < settings.min_language_share)
    return 'language';
  if (thinkingTokens < settings.min_thinking_tokens) return 'too_short';
  if (settings.max_thinking_tokens !== null && thinkingTokens > settings.max_thinking_tokens) return 'too_long';
  if (kept.has(completion.text)) return 'duplicate';
  return kept.size >= (settings.max_per_problem ?? Number.POSITIVE_INFINITY) ? 'surplus' : undefined;
}

const emptyReport = (): RejectionReport => ({
  sampled: 0,
  kept: 0,
  dropped: Object.fromEntries(REJECTION_REASONS.map((reason) => [reason, 0])) as RejectionReport['dropped'],
  problems: 0,
  tokens: 0,
});

/** What it remembers: plain JSON. */
const metaSchema = v.object({
  /** Problems answered. */
  step: v.number(),
  report: rejectionReportSchema,
  pairs: v.array(tracedPairSchema),
});

/** The most rollouts of one generation. */
const BATCH = 128;

/** Answers training problems batch by batch. What is kept depends on the seed alone, not on where a run was stopped. */
export class RejectionSampling implements Training {
  #step = 0;
  #report: RejectionReport = emptyReport();
  readonly #pairs: TracedPair[] = [];
  /** Completions kept, by question: easy tasks draw a question more than once. */
  readonly #kept = new Map<string, Set<string>>();

  private constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    private readonly task: Task,
    private readonly difficulty: Difficulty,
    readonly settings: RejectionSettings,
    private readonly generator: Generator,
  ) {}

  /** @throws CompletionLengthError before anything is allocated. */
  static async create(
    runtime: Runtime,
    model: LanguageModel,
    task: Task,
    difficulty: Difficulty,
    settings: RejectionSettings,
  ): Promise<RejectionSampling> {
    checkCompletionLength(settings, model.architecture);
    const perBatch = Math.max(1, Math.min(settings.problems, Math.floor(BATCH / settings.samples)));
    const generator = new Generator(runtime, model.weights, {
      rollouts: perBatch * settings.samples,
      maxNewTokens: settings.max_completion_length,
      promptTokens: perBatch * MAX_PROMPT_TOKENS,
      hasAlternatives: false,
    });
    return new RejectionSampling(runtime, model, task, difficulty, settings, generator);
  }

  /** Problems answered. */
  get step(): number {
    return this.#step;
  }

  get total(): number {
    return this.settings.problems;
  }

  /** Prompt and completion tokens of all samples. */
  get tokens(): number {
    return this.#report.tokens;
  }

  /** What was kept, in the order of the problems, and how many were not. */
  get set(): { readonly pairs: readonly TracedPair[]; readonly report: RejectionReport } {
    return { pairs: this.#pairs, report: this.#report };
  }

  /** Answers the next problems. */
  async run(): Promise<Metrics> {
    const { settings, model, task } = this;
    const { samples, seed } = settings;
    const first = this.#step;
    const numProblems = Math.min(this.generator.capacity.rollouts / samples, settings.problems - first);
    const problems = Array.from({ length: numProblems }, (_, i) =>
      sampleProblem(task, this.difficulty, 'train', rng(seed, 'reject', first + i)),
    );
    const prompts = problems.map((problem) => model.tokenizer.encodePrompt(problem.question));
    const rollouts = await this.generator.generate({
      prompts,
      members: samples,
      sampling: samplingOf(model, generationOf(settings)),
      key: (group, member) => rolloutKey(seed, 'reject', first + group, 1 + member),
    });
    const answers = await Promise.all(
      rollouts.map((rollout) =>
        judge(this.runtime, model, task, problems[rollout.group] as JudgedAnswer['problem'], rollout),
      ),
    );
    for (let i = 0; i < numProblems; i++) {
      const promptTokens = (prompts[i] as number[]).length;
      this.#keepAccepted(answers.slice(i * samples, (i + 1) * samples), first + i, promptTokens);
    }
    this.#step += numProblems;
    const { sampled, kept, tokens } = this.#report;
    return { sampled, kept, num_tokens: tokens };
  }

  /** Keeps those of one problem's answers that no rule rejects. */
  #keepAccepted(answers: readonly JudgedAnswer[], problem: number, promptTokens: number): void {
    const dropped = { ...this.#report.dropped };
    let numKept = 0;
    answers.forEach((answer, sample) => {
      const { question, task } = answer.problem;
      const reason = rejectionReason(answer, this.settings, this.#kept.get(question) ?? new Set());
      if (reason) {
        dropped[reason]++;
        return;
      }
      numKept++;
      const place = { seed: this.settings.seed, problem, sample };
      const source = { model: this.model.name, task, ...place, thinking_tokens: answer.thinkingTokens };
      this.#keep({ question, completion: answer.completion.text, source });
    });
    const { sampled, kept, tokens } = this.#report;
    this.#report = {
      sampled: sampled + answers.length,
      kept: kept + numKept,
      dropped,
      problems: this.#kept.size,
      tokens: tokens + answers.reduce((sum, { rollout }) => sum + promptTokens + rollout.tokens.length, 0),
    };
  }

  #keep(pair: TracedPair): void {
    this.#pairs.push(pair);
    this.#kept.set(pair.question, (this.#kept.get(pair.question) ?? new Set()).add(pair.completion));
  }

  async remember(): Promise<TrainingMemory> {
    const meta: v.InferOutput<typeof metaSchema> = { step: this.#step, report: this.#report, pairs: [...this.#pairs] };
    return { meta, arrays: {} };
  }

  /** Throws valibot's ValiError for the memory of another training. */
  restore({ meta }: TrainingMemory): void {
    const { step, report, pairs } = v.parse(metaSchema, meta);
    this.#step = step;
    this.#report = report;
    this.#pairs.length = 0;
    this.#kept.clear();
    for (const pair of pairs) this.#keep(pair);
  }

  destroy(): Promise<void> {
    return this.generator.destroy();
  }
}
