// The workloads of `bench`, each with what one run of it is and how many tokens that is.
import { Generator } from '../engine/generator';
import { loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { rng } from '../lib/rng';
import { countParameters } from '../model/tensorNames';
import { corpusSettings, document } from '../tasks/corpus';
import { completeDifficulty } from '../tasks/difficulty';
import { allTasks } from '../tasks/registry';
import type { Task } from '../tasks/task';
import { drawProblems, rolloutKey } from '../trainer/evaluate';
import { GrpoTrainer } from '../trainer/grpo';
import { grpoConfig } from '../trainer/grpoConfig';
import { LikelihoodTrainer, TextStream } from '../trainer/likelihood';
import { sftText } from '../trainer/sft';
import type { ModelOnDisk } from './models';

export interface BenchRow {
  readonly workload: string;
  readonly system: 'soliloquy';
  /** Median of the runs. */
  readonly ms: number;
  readonly tokensPerSecond?: number;
  readonly gflops?: number;
  /** A remark for people. */
  readonly detail?: string;
}

type KernelTimes = ReadonlyMap<string, { ms: number; count: number }>;

/** A workload made ready. */
interface Prepared {
  /** One run; returns how many tokens it worked on. */
  run(): Promise<number>;
  profile(): Promise<KernelTimes | undefined>;
  /** What `profile` looks at. */
  readonly profiled: string;
  /** Floating-point operations of one token. */
  readonly flopsPerToken?: number;
  detail?(): string;
  destroy(): Promise<void>;
}

type Prepare = (runtime: Runtime, source: ModelOnDisk) => Promise<Prepared>;

const NEW_TOKENS = 48;
const TRAINING_TOKENS = 2048;
const ROLLOUT_BATCHES = [1, 16, 128] as const;

function rolloutWorkload(rollouts: number): Prepare {
  return async (runtime, source) => {
    const model = await loadLanguageModel(runtime, source.name, source.folder, false);
    const task = allTasks()[0] as Task;
    const [problem] = drawProblems(task, completeDifficulty(task.dials, {}), 'held-out', 0, 1);
    const prompt = model.tokenizer.encodePrompt(problem?.question ?? '');
    const capacity = { rollouts, maxNewTokens: NEW_TOKENS, promptTokens: prompt.length, hasAlternatives: false };
    const generator = new Generator(runtime, model.weights, capacity);
    return {
      run: async () => {
        await generator.generate({
          prompts: [prompt],
          members: rollouts,
          sampling: {
            temperature: 1,
            topP: 1,
            topK: 0,
            maxNewTokens: NEW_TOKENS,
            // No token ends a rollout, so that every run does the same work.
            endToken: 2 ** 32 - 1,
            numTokens: model.tokenizer.vocabSize,
          },
          key: (group, member) => rolloutKey(0, 'rollout', group, member),
        });
        return rollouts * NEW_TOKENS;
      },
      profile: () => generator.profile(rollouts),
      profiled: 'one decode step',
      flopsPerToken: 2 * countParameters(model.config).active,
      detail: () => `${generator.timing.readbacks} readbacks in ${generator.timing.steps} steps`,
      destroy: async () => {
        await generator.destroy();
        model.weights.destroy();
      },
    };
  };
}

const trainingWorkload: Prepare = async (runtime, source) => {
  const model = await loadLanguageModel(runtime, source.name, source.folder, true);
  const task = allTasks()[0] as Task;
  const difficulty = completeDifficulty(task.dials, {});
  const worked = corpusSettings({ think_share: 1 });
  const trainer = await LikelihoodTrainer.create(runtime, model.weights, TRAINING_TOKENS, 0);
  const stream = new TextStream(
    (index) => sftText(model.tokenizer, document(task, difficulty, worked, rng(0, 'corpus', index))),
    TRAINING_TOKENS,
  );
  return {
    run: async () => {
      const batch = stream.nextBatch();
      const adam = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0 };
      trainer.step(batch, { learningRate: 1e-5, maxNorm: 1, ...adam });
      await runtime.device.idle();
      return batch.reduce((sum, text) => sum + text.ids.length, 0);
    },
    profile: () => trainer.profile(),
    profiled: 'forward, backward and AdamW',
    // Forward once, backward twice.
    flopsPerToken: 6 * countParameters(model.config).active,
    destroy: async () => {
      trainer.destroy();
      model.weights.destroy();
    },
  };
};

const grpoWorkload: Prepare = async (runtime, source) => {
  const model = await loadLanguageModel(runtime, source.name, source.folder, true);
  const task = allTasks()[0] as Task;
  const config = grpoConfig({
    num_prompts: 16,
    num_generations: 8,
    max_completion_length: NEW_TOKENS,
    learning_rate: 1e-6,
    max_steps: 1000,
  });
  const trainer = await GrpoTrainer.create(runtime, model, task, completeDifficulty(task.dials, {}), config);
  let parts = '';
  return {
    run: async () => {
      const { metrics } = await trainer.run();
      const ms = (name: string) => `${((metrics[name] ?? 0) * 1000).toFixed(0)} ms`;
      parts = `sampling ${ms('time/sampling')}, updating ${ms('time/updating')}, last run`;
      return (metrics['completions/mean_length'] ?? 0) * config.num_prompts * config.num_generations;
    },
    profile: () => trainer.profileUpdate(),
    profiled: 'one packed batch of the update, and AdamW',
    detail: () => `${parts}; tokens are sampled ones`,
    destroy: async () => {
      await trainer.destroy();
      model.weights.destroy();
    },
  };
};

const WORKLOADS: Readonly<Record<string, Prepare>> = {
  ...Object.fromEntries(ROLLOUT_BATCHES.map((size) => [`rollout_batch_${size}`, rolloutWorkload(size)])),
  [`training_${TRAINING_TOKENS}`]: trainingWorkload,
  grpo_step: grpoWorkload,
};

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] as number;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] as number) + high) / 2;
}

/** The workload that runs once: it compiles, which the others leave out. */
export const FIRST_TOKEN = 'first_token';

export const WORKLOAD_NAMES: readonly string[] = [FIRST_TOKEN, ...Object.keys(WORKLOADS)];

export interface BenchOptions {
  /** Names of workloads; empty for all. */
  readonly only: readonly string[];
  readonly runs: number;
  readonly isProfiled: boolean;
  onRow(row: BenchRow): void;
  onProfile(title: string, kernels: KernelTimes): void;
}

/** Measures the workloads one after another, each alone on the device. */
export async function runBench(runtime: Runtime, source: ModelOnDisk, options: BenchOptions): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const add = (row: BenchRow) => {
    rows.push(row);
    options.onRow(row);
  };
  const isWanted = (workload: string) => options.only.length === 0 || options.only.includes(workload);
  // Before all others, so that nothing is compiled yet.
  if (isWanted(FIRST_TOKEN)) add(await timeToFirstToken(runtime, source));
  for (const [workload, prepare] of Object.entries(WORKLOADS)) {
    if (!isWanted(workload)) continue;
    const prepared = await prepare(runtime, source);
    add(await measure(workload, prepared, options.runs));
    const kernels = options.isProfiled ? await prepared.profile() : undefined;
    if (kernels) options.onProfile(`${workload}, ${prepared.profiled}`, kernels);
    await prepared.destroy();
  }
  return rows;
}

async function measure(workload: string, prepared: Prepared, runs: number): Promise<BenchRow> {
  await prepared.run();
  const results: { ms: number; tokens: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const startMs = performance.now();
    const tokens = await prepared.run();
    results.push({ ms: performance.now() - startMs, tokens });
  }
  const tokensPerSecond = median(results.map(({ ms, tokens }) => (tokens * 1000) / ms));
  const { flopsPerToken } = prepared;
  const detail = prepared.detail?.();
  return {
    workload,
    system: 'soliloquy',
    ms: median(results.map(({ ms }) => ms)),
    tokensPerSecond,
    ...(flopsPerToken !== undefined && { gflops: (tokensPerSecond * flopsPerToken) / 1e9 }),
    ...(detail !== undefined && { detail }),
  };
}

/** From a device that is open to the first token of an answer: weights up, programs compiled, prompt read, one token drawn. */
async function timeToFirstToken(runtime: Runtime, source: ModelOnDisk): Promise<BenchRow> {
  const startMs = performance.now();
  const model = await loadLanguageModel(runtime, source.name, source.folder, false);
  const prompt = model.tokenizer.encodePrompt((allTasks()[0] as Task).examples[0] ?? '');
  const capacity = { rollouts: 1, maxNewTokens: NEW_TOKENS, promptTokens: prompt.length, hasAlternatives: false };
  const generator = new Generator(runtime, model.weights, capacity);
  const { eosId, vocabSize } = model.tokenizer;
  await generator.generate({
    prompts: [prompt],
    members: 1,
    sampling: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 1, endToken: eosId, numTokens: vocabSize },
    key: () => [0, 0, 0],
  });
  const ms = performance.now() - startMs;
  await generator.destroy();
  model.weights.destroy();
  return {
    workload: FIRST_TOKEN,
    system: 'soliloquy',
    ms,
    detail: 'once: weights up, kernels compiled, prompt read, one token',
  };
}
