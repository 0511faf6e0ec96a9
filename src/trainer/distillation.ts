// On-policy distillation (GKD, arXiv 2306.13649): the student answers, and at every token of its own answers is drawn to the
// teacher's distribution by the reverse KL over the whole vocabulary. As there, no gradient goes through the sampling.

import { whole } from '../device/contract';
import { Generator } from '../engine/generator';
import { type LanguageModel, samplingOf } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { unpackAdamwState } from '../kernels/optimizer/adamw';
import { SoliloquyError } from '../lib/errors';
import { rng } from '../lib/rng';
import { sampleProblem } from '../tasks/split';
import type { Difficulty, Task } from '../tasks/task';
import type { DistillationConfig } from './distillationConfig';
import { rolloutKey } from './evaluate';
import { HealthWatch, vitalsOfAnswers, vitalsOfMetrics } from './health';
import { KlProgram } from './klProgram';
import { Optimizer, type OptimizerSnapshot, skippedSteps } from './optimizer';
import { checkCompletionLength, MAX_PROMPT_TOKENS } from './positions';
import { ScoreProgram, TrainingBatch } from './programs';
import { learningRateAt } from './schedule';

/** Teacher and student that cannot be compared token by token. */
export class DistillationError extends SoliloquyError {
  readonly code = 'bad_teacher';
}

/** Everything a run must remember, beside the student's weights, to go on bit for bit. */
export interface DistillationSnapshot {
  readonly step: number;
  readonly numTokens: number;
  readonly optimizer: OptimizerSnapshot;
}

/** Tokens of one packed batch. */
const CAPACITY = 2048;

interface Sequence {
  readonly ids: readonly number[];
  /** Where the completion starts. */
  readonly first: number;
}

/** Throws DistillationError unless both have the same tokens. */
function checkVocabulary(student: LanguageModel, teacher: LanguageModel): void {
  const isSame =
    student.architecture.vocabulary === teacher.architecture.vocabulary &&
    JSON.stringify(student.tokenizer.tokenizerJson) === JSON.stringify(teacher.tokenizer.tokenizerJson);
  if (isSame) return;
  throw new DistillationError(
    `${student.name} (${student.architecture.vocabulary} tokens) and its teacher ${teacher.name} (${teacher.architecture.vocabulary}) have different tokenizers.`,
    'Choose a student with the teacher’s tokenizer, or distil by texts: rejection sampling, then SFT.',
  );
}

export class DistillationTrainer {
  #step = 0;
  #numTokens = 0;
  /** What its steps tell of the weights. Whoever drives the run stops it where that says so. */
  readonly health: HealthWatch;

  private constructor(
    private readonly runtime: Runtime,
    private readonly student: LanguageModel,
    private readonly task: Task,
    private readonly difficulty: Difficulty,
    readonly config: DistillationConfig,
    private readonly generator: Generator,
    private readonly batches: { readonly student: TrainingBatch; readonly teacher: TrainingBatch },
    private readonly scores: ScoreProgram,
    private readonly program: KlProgram,
    private readonly optimizer: Optimizer,
  ) {
    this.health = new HealthWatch(student.architecture.vocabulary);
  }

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
  ): Promise<DistillationTrainer> {
    checkVocabulary(student, teacher);
    for (const model of [student, teacher]) checkCompletionLength(config, model.architecture);
    const rollouts = config.num_prompts * config.num_generations;
    const longest = MAX_PROMPT_TOKENS + config.max_completion_length;
    const capacity = Math.max(longest, Math.min(CAPACITY, rollouts * longest));
    const generator = new Generator(runtime, student.weights, {
      rollouts,
      maxNewTokens: config.max_completion_length,
      promptTokens: config.num_prompts * MAX_PROMPT_TOKENS,
      hasAlternatives: false,
    });
    const batches = {
      student: new TrainingBatch(runtime, student.weights, capacity),
      teacher: new TrainingBatch(runtime, teacher.weights, capacity),
    };
    const scores = await ScoreProgram.compile(batches.teacher, teacher.weights, config.temperature, true);
    const [program, optimizer] = await Promise.all([
      KlProgram.compile(batches.student, student.weights, scores.logitsRange, config.temperature),
      Optimizer.create(runtime, student.weights),
    ]);
    const { temperature, max_completion_length: maxNewTokens } = config;
    student.generation = { temperature, topP: 1, topK: 0, maxNewTokens };
    return new DistillationTrainer(
      runtime,
      student,
      task,
      difficulty,
      config,
      generator,
      batches,
      scores,
      program,
      optimizer,
    );
  }

  /** Steps taken. */
  get step(): number {
    return this.#step;
  }

  /** Tokens of the prompts and completions so far. */
  get numTokens(): number {
    return this.#numTokens;
  }

  /** Takes one step: samples, compares with the teacher, moves the weights. */
  async run(): Promise<Record<string, number>> {
    const startMs = performance.now();
    const rollouts = await this.#sample();
    const sequences = rollouts.map(({ sequence }) => sequence);
    const numTargets = sequences.reduce((sum, { ids, first }) => sum + ids.length - first, 0);
    for (const batch of packed(sequences, this.batches.student.capacity)) this.#submit(batch, 1 / numTargets);
    const { config } = this;
    const learningRate = learningRateAt(this.#step, {
      type: config.lr_scheduler_type,
      learningRate: config.learning_rate,
      warmupSteps: config.warmup_steps,
      totalSteps: config.max_steps,
    });
    this.optimizer.step({
      learningRate,
      beta1: config.adam_beta1,
      beta2: config.adam_beta2,
      epsilon: config.adam_epsilon,
      weightDecay: config.weight_decay,
      maxNorm: config.max_grad_norm,
    });
    const { loss } = this.program;
    const reads = await this.runtime.readback.read([{ ...whole(loss), size: 4 }, this.optimizer.stateRange]);
    const [sum, state] = reads as [ArrayBuffer, ArrayBuffer];
    this.runtime.device.write(loss, new Float32Array(4));
    this.#step++;
    this.#numTokens += sequences.reduce((total, { ids }) => total + ids.length, 0);
    const { norm, skipped } = unpackAdamwState(state);
    const metrics = {
      loss: new Float32Array(sum)[0] as number,
      grad_norm: norm,
      ...(skipped > 0 && { skipped_steps: skipped }),
      learning_rate: learningRate,
      num_tokens: this.#numTokens,
      'completions/mean_length': numTargets / sequences.length,
      step_time: (performance.now() - startMs) / 1000,
    };
    this.health.observe(this.#step, { ...vitalsOfMetrics(metrics), ...vitalsOfAnswers(rollouts) });
    return metrics;
  }

  async #sample() {
    const { config, student } = this;
    const { seed, num_generations: members } = config;
    const problems = Array.from({ length: config.num_prompts }, (_, i) =>
      sampleProblem(this.task, this.difficulty, 'train', rng(seed, 'problem', this.#step, i)),
    );
    const prompts = problems.map(({ question }) => student.tokenizer.encodePrompt(question));
    const rollouts = await this.generator.generate({
      prompts,
      members,
      sampling: samplingOf(student),
      key: (group, member) => rolloutKey(seed, 'rollout', this.#step, group * members + member),
    });
    return rollouts.map((rollout) => {
      const prompt = prompts[rollout.group] as number[];
      return { ...rollout, sequence: { ids: [...prompt, ...rollout.tokens], first: prompt.length } };
    });
  }

  #submit(sequences: readonly Sequence[], weight: number): void {
    const ids = sequences.map((sequence) => sequence.ids);
    this.batches.teacher.batch.write(ids);
    const starts = this.batches.student.batch.write(ids);
    const weights = new Float32Array(this.batches.student.capacity);
    sequences.forEach((sequence, s) => {
      // A place predicts the token after it.
      const start = starts[s] as number;
      weights.fill(weight, start + sequence.first - 1, start + sequence.ids.length - 1);
    });
    this.scores.submit();
    this.program.submit(weights);
  }

  async snapshot(): Promise<DistillationSnapshot> {
    return { step: this.#step, numTokens: this.#numTokens, optimizer: await this.optimizer.snapshot() };
  }

  /** Goes back to a snapshot; the student's weights are restored by the caller. */
  restore(snapshot: DistillationSnapshot): void {
    this.#step = snapshot.step;
    this.#numTokens = snapshot.numTokens;
    this.optimizer.restore(snapshot.optimizer);
    this.health.restore(snapshot.step, skippedSteps(snapshot.optimizer));
  }

  async destroy(): Promise<void> {
    await this.generator.destroy();
    this.program.destroy();
    this.scores.destroy();
    this.optimizer.destroy();
    for (const batch of Object.values(this.batches)) batch.destroy();
  }
}

/** Splits sequences, in order, into batches of at most `capacity` tokens. */
function packed(sequences: readonly Sequence[], capacity: number): Sequence[][] {
  const batches: Sequence[][] = [];
  let room = 0;
  for (const sequence of sequences) {
    if (sequence.ids.length > room) {
      batches.push([]);
      room = capacity;
    }
    batches.at(-1)?.push(sequence);
    room -= sequence.ids.length;
  }
  return batches;
}
