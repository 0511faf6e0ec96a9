// GRPO (DeepSeekMath, arXiv 2402.03300) under TRL's names. One `step` is one generation and every optimizer step on it:
// sample groups, score them, compare each member with its group, move the weights.

import * as v from 'valibot';
import type { KernelTimes } from '../../device/contract';
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import type { Difficulty, Task } from '../../tasks/task';
import { type AskedSizes, CurriculumSampler } from '../curriculum/curriculumSampler';
import { generationOf } from '../evaluation/samplingSettings';
import { type HealthWatch, vitalsOfJudged, vitalsOfMetrics } from '../health';
import { bytesWith } from '../memoryPlan';
import { byPhase, type PhaseTokens, tokensSince } from '../phases';
import { checkCompletionLength } from '../positions';
import type { Grader } from '../preference/grader';
import { Trainer } from '../trainer';
import type { Metrics, StepWatch, Training, TrainingMemory } from '../training';
import { type Advantages, advantages, decoupledAdvantages } from './advantages';
import { checkNeeds } from './checkNeeds';
import { EntropyControl } from './entropyControl';
import { type GrpoConfig, numSteps } from './grpoConfig';
import { completionMetrics, loadMetrics, rewardMetrics, stepMetrics } from './grpoMetrics';
import { createGrader, createGrpoParts, type GrpoParts, planGrpo } from './grpoParts';
import { type AnswerSource, GrpoSampler, hasFailed, type ScoredAnswer } from './grpoSampling';
import type { Group, GroupMember, GrpoStep, OnGrpoPhase } from './grpoStep';
import type { TrainingRollout } from './grpoUpdate';
import { cutMiniBatches } from './miniBatches';
import { type GrpoOptimizer, takeOptimizerSteps } from './optimizerSteps';
import { type Reading, readAgain } from './readAgain';

/** An answer as it is read after its step. */
export interface AnswerReading extends Reading {
  /** Of the reference model. */
  readonly refLogps?: readonly number[];
}

/** What it remembers beside the optimizer and the reference model: plain JSON. */
const metaSchema = v.object({
  step: v.number(),
  optimizerSteps: v.number(),
  numTokens: v.number(),
  /** Only where the entropy bonus is adapted. */
  entropy: v.optional(v.object({ coef: v.number(), lastEntropy: v.nullable(v.number()) })),
});

export class GrpoTraining implements Training {
  #step = 0;
  #numTokens = 0;
  readonly #entropy: EntropyControl;

  private constructor(
    private readonly runtime: Runtime,
    readonly model: LanguageModel,
    readonly task: Task,
    readonly difficulty: Difficulty,
    readonly config: GrpoConfig,
    private readonly parts: GrpoParts,
    private readonly sampler: AnswerSource,
    private readonly trainer: GrpoOptimizer,
    /** What the device was planned to hold with this run, told before any of it was allocated. */
    readonly plannedBytes: number,
    private readonly grader: Grader | undefined,
  ) {
    this.#entropy = new EntropyControl(config);
  }

  /**
   * Allocates and compiles everything a run needs. The model must have been loaded to be trained.
   * @param beside of the reward `reward_model`, whose model stays the caller's; where the model writes its problems itself,
   * how large they may be
   * @throws GrpoConfigError, CompletionLengthError or DeviceTooSmallError before anything is allocated.
   */
  static async create(
    runtime: Runtime,
    model: LanguageModel,
    task: Task,
    difficulty: Difficulty,
    config: GrpoConfig,
    { rewardModel, curriculum }: { readonly rewardModel?: LanguageModel; readonly curriculum?: AskedSizes } = {},
  ): Promise<GrpoTraining> {
    await runtime.tuning.settle();
    checkNeeds(config, task, { rewardModel, curriculum });
    checkCompletionLength(config, model.architecture);
    const plannedBytes = bytesWith(await planGrpo(runtime, model.architecture, config), runtime);
    const parts = await createGrpoParts(runtime, model.weights, config);
    model.generation = generationOf(config);
    const trainer = new Trainer(parts, config, config.max_steps, model.architecture.vocabulary);
    const grader = rewardModel && (await createGrader(runtime, model, rewardModel, config));
    const sampler = curriculum
      ? new CurriculumSampler(runtime, model, curriculum, config, parts.generator)
      : new GrpoSampler(runtime, model, task, difficulty, config, parts.generator, grader);
    return new GrpoTraining(runtime, model, task, difficulty, config, parts, sampler, trainer, plannedBytes, grader);
  }

  /** What its steps tell of the weights. Whoever drives the run stops it where that says so. */
  get health(): HealthWatch {
    return this.trainer.health;
  }

  get generator(): Generator {
    return this.parts.generator;
  }

  get sampling(): SamplingOptions {
    return this.sampler.sampling;
  }

  /** Steps taken. */
  get step(): number {
    return this.#step;
  }

  /** Generations of the whole. */
  get total(): number {
    return numSteps(this.config);
  }

  /** Tokens of the prompts and completions so far. */
  get tokens(): number {
    return this.#numTokens;
  }

  async run({ onPhase, onGroups }: StepWatch = { isTold: true }): Promise<Metrics> {
    const step = await this.takeStep(onPhase);
    onGroups?.(step);
    return step.metrics;
  }

  /** Takes one step. A run of max_steps optimizer steps has none left to take. */
  async takeStep(onPhase?: OnGrpoPhase): Promise<GrpoStep> {
    const { config } = this;
    const { profiler, memory } = this.runtime.device;
    if (this.trainer.steps >= config.max_steps) throw new Error(`all ${config.max_steps} optimizer steps are taken`);
    const tokensBefore = this.#tokens;
    profiler.start();
    const startMs = performance.now();
    const sampled = await this.sampler.sample(this.#step, onPhase);
    const sampledMs = performance.now();
    onPhase?.('scoring', 0, sampled.answers.length);
    const { groups, outcome } = this.#compare(sampled.answers);
    const scoredMs = performance.now();
    const update = await this.#update(groups, onPhase);
    const endMs = performance.now();
    const work = byPhase(profiler.stop(), tokensSince(tokensBefore, this.#tokens));
    this.#step++;
    this.#numTokens += sampled.promptTokens * config.num_generations + sampled.generatedTokens;
    const metrics = {
      ...update.metrics,
      ...rewardMetrics(groups, outcome),
      ...completionMetrics(groups),
      ...loadMetrics(update.loads),
      ...sampled.metrics,
      num_tokens: this.#numTokens,
      step_time: (endMs - startMs) / 1000,
      'time/sampling': (sampledMs - startMs) / 1000,
      'time/scoring': (scoredMs - sampledMs) / 1000,
      'time/updating': (endMs - scoredMs) / 1000,
      'rollout/tokens_per_second': sampled.generatedTokens / ((sampledMs - startMs) / 1000),
      'rollout/num_generations': sampled.numBatches,
      'time/bookkeeping': work.idleMs / 1000,
      'memory/bytes': memory.bytes,
      'memory/peak_bytes': memory.peakBytes,
      'memory/planned_bytes': this.plannedBytes,
      'submit/p99_ms': work.submitP99Ms,
    };
    this.health.observe(this.#step, {
      ...vitalsOfMetrics(metrics),
      ...vitalsOfJudged(sampled.answers.map(({ answer }) => answer)),
    });
    const { asked } = sampled;
    return { step: this.#step, metrics, groups, ...(asked && { asked }), loads: update.loads, work };
  }

  /** Tokens that were worked through so far. */
  get #tokens(): PhaseTokens {
    const { prefill, decode } = this.generator.totals;
    return { prefill: prefill.tokens, decode: decode.tokens, ...this.parts.gradient.tokens };
  }

  #compare(answers: readonly ScoredAnswer[]): { groups: Group[]; outcome: Advantages } {
    const size = this.config.num_generations;
    const isLeftOut = Array.from({ length: answers.length / size }, (_, g) =>
      hasFailed(answers.slice(g * size, (g + 1) * size)),
    );
    const { reward_weights, scale_rewards, multi_objective_aggregation } = this.config;
    const names = Object.keys(reward_weights);
    const isOut = (i: number) => isLeftOut[Math.floor(i / size)];
    const outcome =
      multi_objective_aggregation === 'sum_then_normalize'
        ? advantages(
            answers.map(({ score }, i) => (isOut(i) ? null : score.total)),
            size,
            scale_rewards,
          )
        : decoupledAdvantages(
            {
              scores: answers.map(({ score }, i) =>
                names.map((name) => (isOut(i) ? null : (score.scores[name] ?? null))),
              ),
              weights: names.map((name) => reward_weights[name] as number),
            },
            size,
          );
    const groups = outcome.groupMeans.map((rewardMean, g): Group => {
      const members = Array.from({ length: size }, (_, m): GroupMember => {
        const i = g * size + m;
        return { ...(answers[i] as ScoredAnswer), advantage: outcome.advantages[i] as number };
      });
      return {
        problem: (members[0] as GroupMember).answer.problem,
        rewardMean,
        rewardStd: outcome.groupStds[g] as number,
        isLeftOut: isLeftOut[g] as boolean,
        members,
      };
    });
    return { groups, outcome };
  }

  async #update(groups: readonly Group[], onPhase?: OnGrpoPhase) {
    const { config } = this;
    const prompts = new Map(groups.map((group) => [group, this.model.tokenizer.encodePrompt(group.problem.question)]));
    const rollouts = groups.flatMap((group) =>
      group.members.map(
        (member): TrainingRollout => ({
          prompt: prompts.get(group) as number[],
          completion: member.answer.rollout.tokens,
          oldLogps: member.answer.rollout.logps,
          drawnLogps: member.answer.rollout.drawnLogps,
          entropies: member.answer.rollout.entropies,
          advantage: member.advantage,
          isMasked: group.isLeftOut || (config.mask_truncated_completions && member.answer.rollout.stop !== 'end'),
        }),
      ),
    );
    const draw = rng(config.seed, 'miniBatch', this.#step);
    const miniBatches = cutMiniBatches(rollouts.length, config.steps_per_generation, draw);
    const onStep = (done: number, total: number) => onPhase?.('updating', done, total);
    const generation = { rollouts, miniBatches };
    const steps = await takeOptimizerSteps(this.trainer, this.parts, config, this.#entropy, generation, onStep);
    this.sampler.drawAhead(this.#step + 1);
    const [loadBytes] = (await this.runtime.readback.read([this.model.weights.loadsRange])) as [ArrayBuffer];
    return { metrics: await stepMetrics(steps), loads: this.model.weights.unpackLoads(loadBytes) };
  }

  /** How the weights as they are now, and the reference model where there is one, read an answer of a step. */
  async readAgain({ answer: { problem, rollout } }: GroupMember): Promise<AnswerReading> {
    const { runtime, model, parts, config } = this;
    const sequence = { prompt: model.tokenizer.encodePrompt(problem.question), completion: rollout.tokens };
    const now = await readAgain(runtime, model.weights, sequence, config.temperature);
    const { weights: reference } = parts.reference ?? {};
    if (!reference) return now;
    const { logps } = await readAgain(runtime, reference, sequence, config.temperature);
    return { ...now, refLogps: logps };
  }

  async remember(): Promise<TrainingMemory> {
    const { steps: optimizerSteps } = this.trainer;
    const meta: v.InferOutput<typeof metaSchema> = {
      step: this.#step,
      optimizerSteps,
      numTokens: this.#numTokens,
      ...(this.#entropy.isAdaptive && { entropy: this.#entropy.memory }),
    };
    const arrays = await this.trainer.remember();
    const reference = await this.parts.reference?.weights.readFlat(this.runtime.readback);
    return { meta, arrays: { ...arrays, ...(reference && { reference }) } };
  }

  /** Throws valibot's ValiError or SnapshotError for the memory of another training. */
  restore({ meta, arrays }: TrainingMemory): void {
    const { step, optimizerSteps, numTokens, entropy } = v.parse(metaSchema, meta);
    if (entropy) this.#entropy.restore(entropy);
    this.#step = step;
    this.#numTokens = numTokens;
    this.trainer.restore(arrays, { optimizerSteps, step });
    if (arrays.reference) this.parts.reference?.weights.writeFlat(arrays.reference);
  }

  /** Tokens of the batch that `profileUpdate` looks at. */
  get updateTokens(): number {
    return this.parts.gradient.capacity;
  }

  /** Time by kernel of one batch of the update and of the optimizer. */
  profileUpdate(): Promise<KernelTimes> {
    return this.trainer.profile();
  }

  async destroy(): Promise<void> {
    await this.generator.destroy();
    this.trainer.destroy();
    this.parts.reference?.destroy();
    this.grader?.destroy();
  }
}
