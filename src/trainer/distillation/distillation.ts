// On-policy distillation (GKD, arXiv 2306.13649): the student answers, and at every token of its own answers is drawn to the
// teacher's distribution by the reverse KL over the whole vocabulary. As there, no gradient goes through the sampling.

import * as v from 'valibot';
import { Generator } from '../../engine/generator';
import { haveSameTokens, type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Rollout } from '../../engine/rollout';
import type { Runtime } from '../../engine/runtime';
import { SoliloquyError } from '../../lib/errors';
import { rng } from '../../lib/rng';
import { precisionOf } from '../../model/precision';
import { sampleProblem } from '../../tasks/split';
import type { Difficulty, Task } from '../../tasks/task';
import { rolloutKey } from '../evaluation/evaluate';
import { generationOf } from '../evaluation/samplingSettings';
import { type HealthWatch, vitalsOfAnswers, vitalsOfMetrics } from '../health';
import { LossMeter } from '../lossMeter';
import { Distillation } from '../objectives/distillation';
import type { TokenWeights } from '../objectives/tokenWeights';
import { isDecayedOf, Optimizer } from '../optimizer/optimizer';
import { lengthOf, type Sequence } from '../packing';
import { checkCompletionLength, MAX_PROMPT_TOKENS } from '../positions';
import { ScorePass } from '../scorePass';
import { TokenMean } from '../tokenMean';
import { Trainer, type TrainerParts } from '../trainer';
import type { Metrics, Training, TrainingMemory } from '../training';
import { TrainingBatch, TrainingPass } from '../trainingPass';
import type { DistillationConfig } from './distillationConfig';

/** Teacher and student that cannot be compared token by token. */
export class DistillationError extends SoliloquyError {
  readonly code = 'bad_teacher';
}

/** What it remembers beside the optimizer: plain JSON. */
const metaSchema = v.object({ step: v.number(), numTokens: v.number() });

/** Tokens of one packed batch. */
const CAPACITY = 2048;

/** Throws DistillationError unless both have the same tokens. */
function checkVocabulary(student: LanguageModel, teacher: LanguageModel): void {
  if (haveSameTokens(student, teacher)) return;
  throw new DistillationError(
    `${student.name} (${student.architecture.vocabulary} tokens) and its teacher ${teacher.name} ` +
      `(${teacher.architecture.vocabulary}) have different tokenizers.`,
    'Choose a student with the teacher’s tokenizer, or distil by texts: rejection sampling, then SFT.',
  );
}

/** Compiles the passes of teacher and student over the same batch. */
async function createParts(
  runtime: Runtime,
  student: LanguageModel,
  teacher: LanguageModel,
  config: DistillationConfig,
): Promise<TrainerParts<readonly Sequence[], void> & { readonly tokens: TokenWeights }> {
  const { temperature } = config;
  const longest = MAX_PROMPT_TOKENS + config.max_completion_length;
  const capacity = Math.max(longest, Math.min(CAPACITY, config.num_prompts * config.num_generations * longest));
  const owner = new TrainingBatch(runtime, student.weights, capacity);
  const teachers = new TrainingBatch(runtime, teacher.weights, capacity, undefined, owner);
  const scores = await ScorePass.compile(teachers, teacher.weights, { temperature, keepsLogits: true });
  const objective = new Distillation(runtime.device, capacity, scores, temperature);
  const [pass, optimizer] = await Promise.all([
    TrainingPass.compile(owner, student.weights, objective, config.gradient_checkpointing),
    Optimizer.create(runtime, student.weights, isDecayedOf(student.architecture)),
  ]);
  return { gradient: new TokenMean(pass, [teachers, owner]), optimizer, tokens: objective.tokens };
}

export class DistillationTraining implements Training {
  #numTokens = 0;

  private constructor(
    private readonly student: LanguageModel,
    private readonly task: Task,
    private readonly difficulty: Difficulty,
    readonly config: DistillationConfig,
    private readonly generator: Generator,
    private readonly trainer: Trainer<readonly Sequence[], void>,
    private readonly meter: LossMeter,
  ) {}

  /**
   * The student must have been loaded to be trained.
   * @throws DistillationError, CompletionLengthError before anything is allocated.
   */
  static async create(
    runtime: Runtime,
    student: LanguageModel,
    teacher: LanguageModel,
    task: Task,
    difficulty: Difficulty,
    config: DistillationConfig,
  ): Promise<DistillationTraining> {
    checkVocabulary(student, teacher);
    for (const model of [student, teacher]) checkCompletionLength(config, model.architecture);
    await student.weights.setPrecision(precisionOf(config));
    const generator = new Generator(runtime, student.weights, {
      rollouts: config.num_prompts * config.num_generations,
      maxNewTokens: config.max_completion_length,
      promptTokens: config.num_prompts * MAX_PROMPT_TOKENS,
      hasAlternatives: false,
    });
    const parts = await createParts(runtime, student, teacher, config);
    const trainer = new Trainer(parts, config, config.max_steps, student.architecture.vocabulary);
    student.generation = generationOf(config);
    const meter = new LossMeter(runtime, parts.tokens, trainer);
    return new DistillationTraining(student, task, difficulty, config, generator, trainer, meter);
  }

  /** What its steps tell of the weights. Whoever drives the run stops it where that says so. */
  get health(): HealthWatch {
    return this.trainer.health;
  }

  /** Steps taken. */
  get step(): number {
    return this.trainer.steps;
  }

  get total(): number {
    return this.config.max_steps;
  }

  /** Tokens of the prompts and completions so far. */
  get tokens(): number {
    return this.#numTokens;
  }

  /** Takes one step: samples, compares with the teacher, moves the weights. */
  async run(): Promise<Metrics> {
    const startMs = performance.now();
    const rollouts = await this.#sample();
    const sequences = rollouts.map(({ sequence }) => sequence);
    const { learningRate } = this.trainer.step(sequences);
    this.meter.count();
    const { loss, state } = await this.meter.read();
    const numTargets = sequences.reduce((sum, { completion }) => sum + completion.length, 0);
    this.#numTokens += sequences.reduce((sum, sequence) => sum + lengthOf(sequence), 0);
    const metrics = {
      loss,
      grad_norm: state.norm,
      ...(state.skipped > 0 && { skipped_steps: state.skipped }),
      learning_rate: learningRate,
      num_tokens: this.#numTokens,
      'completions/mean_length': numTargets / sequences.length,
      step_time: (performance.now() - startMs) / 1000,
    };
    this.health.observe(this.step, { ...vitalsOfMetrics(metrics), ...vitalsOfAnswers(rollouts) });
    return metrics;
  }

  async #sample(): Promise<(Rollout & { readonly sequence: Sequence })[]> {
    const { config, student, step } = this;
    const { seed, num_generations: members } = config;
    const problems = Array.from({ length: config.num_prompts }, (_, i) =>
      sampleProblem(this.task, this.difficulty, 'train', rng(seed, 'problem', step, i)),
    );
    const prompts = problems.map(({ question }) => student.tokenizer.encodePrompt(question));
    const rollouts = await this.generator.generate({
      prompts,
      members,
      sampling: samplingOf(student),
      key: (group, member) => rolloutKey(seed, 'rollout', step, group * members + member),
    });
    return rollouts.map((rollout) => {
      const prompt = prompts[rollout.group] as number[];
      return { ...rollout, sequence: { prompt, completion: rollout.tokens } };
    });
  }

  async remember(): Promise<TrainingMemory> {
    const meta: v.InferOutput<typeof metaSchema> = { step: this.step, numTokens: this.#numTokens };
    return { meta, arrays: await this.trainer.remember() };
  }

  /** Throws valibot's ValiError or SnapshotError for the memory of another training. */
  restore({ meta, arrays }: TrainingMemory): void {
    const { step, numTokens } = v.parse(metaSchema, meta);
    this.trainer.restore(arrays, { optimizerSteps: step, step });
    this.#numTokens = numTokens;
  }

  async destroy(): Promise<void> {
    await this.generator.destroy();
    this.trainer.destroy();
  }
}
