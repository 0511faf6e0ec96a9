// `parity DIR`: every number in golden.json and golden.safetensors, computed by transformers and TRL, computed again here.
import { join } from 'node:path';
import { directorySource } from '../checkpoint/nodeDirectory';
import { readFolder } from '../checkpoint/readFolder';
import { parseSafetensors, type SafetensorsFile } from '../checkpoint/safetensors';
import { tensorValues } from '../checkpoint/safetensorsValues';
import { Generator } from '../engine/generator';
import type { Runtime } from '../engine/runtime';
import { whole } from '../gpu/device';
import { SoliloquyError } from '../lib/errors';
import { unpackParameters } from '../model/parameters';
import { Weights } from '../model/weights';
import { advantages as groupAdvantages } from '../trainer/advantages';
import { type GrpoOptions, grpoConfig } from '../trainer/grpoConfig';
import { GrpoUpdater, type TrainingRollout } from '../trainer/grpoUpdate';
import { Optimizer } from '../trainer/optimizer';
import { LikelihoodProgram, ScoreProgram, TrainingBatch } from '../trainer/programs';

/** One comparison: its error by its own measure, and how much of it is allowed. */
export interface Check {
  readonly name: string;
  readonly error: number;
  readonly allowed: number;
  readonly isPassed: boolean;
}

interface Golden {
  readonly loss: number;
  readonly greedy: { readonly prompt: number[]; readonly continuation: number[] };
  readonly adamw: {
    readonly lr: number;
    readonly betas: [number, number];
    readonly eps: number;
    readonly weight_decay: number;
    readonly clip_grad_norm: number;
    readonly losses: number[];
    readonly grad_norms: number[];
  };
  readonly grpo?: {
    readonly max_completion_length: number;
    readonly variants: Record<
      string,
      { settings: GrpoOptions; loss: number; grad_norm: number; metrics: Record<string, number> }
    >;
  };
}

const ALLOWED = { logits: 2e-5, gradient: 1e-4, loss: 1e-4 } as const;

export class ParityError extends SoliloquyError {}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

function relative(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.max(1e-8, Math.abs(expected));
}

/** ‖a − b‖ / ‖b‖; where b is all zero, ‖a‖. */
function relativeL2(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const difference = Array.from(expected, (value, i) => (actual[i] as number) - value);
  return norm(difference) / (norm(expected) || 1);
}

function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(expected).reduce((max, value, i) => Math.max(max, Math.abs((actual[i] as number) - value)), 0);
}

function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => values[row * width + i] as number),
  );
}

class GoldenTensors {
  constructor(private readonly file: SafetensorsFile) {}

  get(name: string): { shape: readonly number[]; data: number[] } {
    const raw = this.file.tensors.get(name);
    if (!raw)
      throw new ParityError(
        `golden.safetensors has no tensor '${name}'.`,
        'Make the folder again with reference/python/make_golden.py.',
      );
    return { shape: raw.shape, data: Array.from(tensorValues(raw, name), Number) };
  }

  names(prefix: string): string[] {
    return [...this.file.tensors.keys()].filter((name) => name.startsWith(prefix));
  }
}

/** Runs every check of a folder, telling of each as it is done. */
export async function checkParity(runtime: Runtime, directory: string, onCheck: (check: Check) => void): Promise<void> {
  const source = directorySource(directory);
  const folder = await readFolder(source);
  const [goldenJson, goldenBytes] = await Promise.all([source.read('golden.json'), source.read('golden.safetensors')]);
  if (!goldenJson || !goldenBytes) {
    const missing = goldenJson ? 'golden.safetensors' : 'golden.json';
    throw new ParityError(
      `There is no ${join(directory, missing)}.`,
      'Give a folder with model, golden.json and golden.safetensors.',
    );
  }
  const golden = JSON.parse(new TextDecoder().decode(goldenJson)) as Golden;
  const tensors = new GoldenTensors(parseSafetensors(goldenBytes, 'golden.safetensors'));
  const report = (name: string, error: number, allowed: number) =>
    onCheck({ name, error, allowed, isPassed: Number.isFinite(error) && error <= allowed });

  const weights = await Weights.upload(runtime.device, folder.config, folder.tensors, true);
  const ids = tensors.get('input_ids');
  const sequences = rowsOf(ids.data, ids.shape[1] as number);
  const owner = new TrainingBatch(runtime, weights, ids.data.length);

  const score = await ScoreProgram.compile(owner, weights, 1, true);
  owner.batch.write(sequences);
  score.submit();
  const expectedLogits = tensors.get('logits').data;
  const largest = Math.max(...expectedLogits.map(Math.abs));
  report('logits', maxDifference(await score.readLogits(), expectedLogits) / largest, ALLOWED.logits);

  await checkGradientsAndAdamw(runtime, weights, owner, sequences, golden, tensors, report);
  weights.write(folder.tensors);
  if (golden.grpo) await checkGrpo(runtime, weights, golden.grpo, tensors, report);
  await checkGreedy(runtime, weights, golden, report);
}

type Report = (name: string, error: number, allowed: number) => void;

async function readGradients(runtime: Runtime, weights: Weights) {
  const pool = await runtime.readback.readF32(whole(weights.gradient as GPUBuffer));
  return unpackParameters(weights.layout, pool.subarray(0, weights.layout.poolSize));
}

async function checkGradientsAndAdamw(
  runtime: Runtime,
  weights: Weights,
  owner: TrainingBatch,
  sequences: number[][],
  golden: Golden,
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const program = await LikelihoodProgram.compile(owner, weights);
  const numTargets = sequences.reduce((sum, sequence) => sum + sequence.length - 1, 0);
  program.write(sequences, () => 1 / numTargets);
  const optimizer = await Optimizer.create(runtime, weights);
  const { lr, betas, eps, weight_decay, clip_grad_norm, losses, grad_norms } = golden.adamw;
  const settings = {
    learningRate: lr,
    beta1: betas[0],
    beta2: betas[1],
    epsilon: eps,
    weightDecay: weight_decay,
    maxNorm: clip_grad_norm,
  };
  for (const [step, expected] of losses.entries()) {
    runtime.device.write(program.loss, new Float32Array(4));
    program.submit();
    if (step === 0) {
      const gradients = await readGradients(runtime, weights);
      for (const key of tensors.names('grad.')) {
        const name = key.slice('grad.'.length);
        // A tied head has the embedding's gradient under both names.
        const actual = gradients.get(name) ?? gradients.get('model.embed_tokens.weight');
        report(key, relativeL2(actual?.data ?? [], tensors.get(key).data), ALLOWED.gradient);
      }
    }
    const loss = (await runtime.readback.readF32({ ...whole(program.loss), size: 4 }))[0] as number;
    if (step === 0) report('loss', relative(loss, golden.loss), ALLOWED.loss);
    report(`adamw.loss.${step}`, relative(loss, expected), ALLOWED.loss);
    optimizer.step(settings);
    const state = await optimizer.readState();
    report(`adamw.grad_norm.${step}`, relative(state.norm, grad_norms[step] as number), ALLOWED.loss);
  }
  program.destroy();
  optimizer.destroy();
}

async function checkGrpo(
  runtime: Runtime,
  weights: Weights,
  golden: NonNullable<Golden['grpo']>,
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const prompts = tensors.get('grpo.prompt_ids');
  const completions = tensors.get('grpo.completion_ids');
  const width = completions.shape[1] as number;
  const lengths = rowsOf(tensors.get('grpo.completion_mask').data, width).map((row) => row.reduce((a, b) => a + b, 0));
  const rows = (name: string) => rowsOf(tensors.get(name).data, width);
  const expectedAdvantages = tensors.get('grpo.advantages').data;
  const rewards = tensors.get('grpo.rewards').data;
  const computed = groupAdvantages(rewards, 4, 'group').advantages;
  report('grpo.advantages', maxDifference(Array.from(computed, Number), expectedAdvantages), ALLOWED.loss);

  const oldLogps = rows('grpo.old_logps');
  const refLogps = rows('grpo.ref_logps');
  const completionRows = rowsOf(completions.data, width);
  const rollouts = rowsOf(prompts.data, prompts.shape[1] as number).map(
    (prompt, i): TrainingRollout => ({
      prompt,
      completion: (completionRows[i] as number[]).slice(0, lengths[i]),
      oldLogps: (oldLogps[i] as number[]).slice(0, lengths[i]),
      refLogps: (refLogps[i] as number[]).slice(0, lengths[i]),
      advantage: expectedAdvantages[i] as number,
      isMasked: false,
    }),
  );
  const capacity = rollouts.reduce((sum, rollout) => sum + rollout.prompt.length + rollout.completion.length, 0);
  await checkLogps(runtime, weights, rollouts, capacity, tensors, width, report);

  for (const [name, variant] of Object.entries(golden.variants)) {
    const config = grpoConfig(variant.settings);
    const options = { ...config, max_completion_length: golden.max_completion_length };
    const s = { capacity, maxRollouts: rollouts.length, temperature: config.temperature };
    const updater = await GrpoUpdater.create(runtime, weights, s);
    clearGradient(runtime, weights);
    const result = await updater.accumulate(rollouts, options, false);
    // The loss of a batch of both signs may be near zero; its scale is that of its terms.
    report(
      `grpo.${name}.loss`,
      Math.abs(result.loss - variant.loss) / Math.max(Math.abs(variant.loss), 1e-2),
      ALLOWED.loss,
    );
    const gradients = await readGradients(runtime, weights);
    const total = Math.sqrt([...gradients.values()].reduce((sum, tensor) => sum + norm(tensor.data) ** 2, 0));
    report(`grpo.${name}.grad_norm`, relative(total, variant.grad_norm), ALLOWED.gradient);
    for (const key of tensors.names(`grpo.${name}.grad.`)) {
      const actual = gradients.get(key.slice(`grpo.${name}.grad.`.length));
      report(key, relativeL2(actual?.data ?? [], tensors.get(key).data), ALLOWED.gradient);
    }
    for (const [metric, expected] of Object.entries(variant.metrics)) {
      const actual = result.metrics[metric] ?? Number.NaN;
      report(`grpo.${name}.${metric}`, Math.abs(actual - expected) / Math.max(1, Math.abs(expected)), ALLOWED.loss);
    }
    updater.destroy();
  }
}

async function checkLogps(
  runtime: Runtime,
  weights: Weights,
  rollouts: readonly TrainingRollout[],
  capacity: number,
  tensors: GoldenTensors,
  width: number,
  report: Report,
): Promise<void> {
  const owner = new TrainingBatch(runtime, weights, capacity);
  const score = await ScoreProgram.compile(owner, weights);
  const starts = owner.batch.write(rollouts.map((rollout) => [...rollout.prompt, ...rollout.completion]));
  score.submit();
  const actual = { 'grpo.logps': await score.readLogProbs(), 'grpo.entropies': await score.readEntropies() };
  for (const [name, values] of Object.entries(actual)) {
    const expected = rowsOf(tensors.get(name).data, width);
    const error = rollouts.reduce((worst, rollout, i) => {
      const first = (starts[i] as number) + rollout.prompt.length - 1;
      const part = values.subarray(first, first + rollout.completion.length);
      return Math.max(worst, maxDifference(part, (expected[i] as number[]).slice(0, rollout.completion.length)));
    }, 0);
    report(name, error, ALLOWED.loss);
  }
  score.destroy();
  owner.destroy();
}

function clearGradient(runtime: Runtime, weights: Weights): void {
  const encoder = runtime.device.gpu.createCommandEncoder();
  encoder.clearBuffer(weights.gradient as GPUBuffer);
  runtime.device.gpu.queue.submit([encoder.finish()]);
}

async function checkGreedy(runtime: Runtime, weights: Weights, golden: Golden, report: Report): Promise<void> {
  const { prompt, continuation } = golden.greedy;
  const generator = new Generator(runtime, weights, {
    rollouts: 1,
    maxNewTokens: continuation.length,
    promptTokens: prompt.length,
    hasAlternatives: false,
  });
  const [rollout] = await generator.generate({
    prompts: [prompt],
    members: 1,
    sampling: {
      temperature: 0,
      topP: 1,
      topK: 0,
      maxNewTokens: continuation.length,
      // The goldens do not stop at an end token.
      endToken: 0xffffffff,
      numTokens: weights.config.vocab_size,
    },
    key: () => [0, 0, 0],
  });
  const wrong = continuation.filter((token, i) => rollout?.tokens[i] !== token).length;
  report('greedy', wrong, 0);
  await generator.destroy();
}
