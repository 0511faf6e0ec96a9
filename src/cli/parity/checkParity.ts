// Every number in golden.json and golden.safetensors, which transformers and TRL computed, computed again here.

import { Generator } from '../../engine/generator';
import type { Runtime } from '../../engine/runtime';
import type { ModelFolder } from '../../formats/huggingface/folder';
import { directorySource } from '../../formats/huggingface/nodeDirectory';
import { readFolder } from '../../formats/huggingface/readFolder';
import type { ModelDescription } from '../../model/description';
import { Weights } from '../../model/weights';
import { Likelihood } from '../../trainer/objectives/likelihood';
import { Optimizer } from '../../trainer/optimizer/optimizer';
import { sequenceFrom } from '../../trainer/packing';
import { ScorePass } from '../../trainer/scorePass';
import { TokenMean } from '../../trainer/tokenMean';
import { TrainingBatch, TrainingPass } from '../../trainer/trainingPass';
import { checkGrpo } from './checkGrpo';
import { checkMiniBatches } from './checkMiniBatches';
import { ALLOWED, type Check, maxDifference, norm, type Report, relative, reportGradient } from './compare';
import { type Golden, type GoldenNumbers, type GoldenTensors, readGolden } from './golden';
import { clearGradient, gradientOnDisk, readGradients } from './gradients';
import { type GoldenMiniBatches, readMiniBatches } from './miniBatches';

/** A folder to be checked, nothing of it on a device yet. */
export interface ParityFolder {
  readonly model: ModelFolder;
  readonly golden: Golden;
  /** Where the folder has them. */
  readonly miniBatches: GoldenMiniBatches | undefined;
}

/** Throws GoldenError, or what reading a model folder throws. */
export async function readParityFolder(directory: string): Promise<ParityFolder> {
  const source = directorySource(directory);
  const model = await readFolder(source);
  return {
    model,
    golden: await readGolden(source, model.description.architecture),
    miniBatches: await readMiniBatches(source),
  };
}

/** Runs every check of a folder, telling of each as it is done. */
export async function checkParity(
  runtime: Runtime,
  { model, golden, miniBatches }: ParityFolder,
  onCheck: (check: Check) => void,
): Promise<void> {
  const { numbers, tensors } = golden;
  const report: Report = (name, error, allowed) =>
    onCheck({ name, error, allowed, isPassed: Number.isFinite(error) && error <= allowed });

  const weights = await Weights.upload(runtime.device, model.description.architecture, model.tensors, true);
  const sequences = tensors.rows('input_ids');
  const owner = new TrainingBatch(runtime, weights, sequences.flat().length);
  await checkLogits(owner, weights, sequences, tensors, report);
  await checkGradients(runtime, weights, model.description, owner, sequences, numbers, tensors, report);
  await checkAdamw(runtime, weights, owner, sequences, numbers, report);
  await weights.write(model.tensors);
  if (numbers.grpo) await checkGrpo(runtime, weights, model.description, numbers.grpo, tensors, report);
  await checkGreedy(runtime, weights, numbers, report);
  if (miniBatches) await checkMiniBatches(runtime, weights, model, miniBatches, tensors, report);
  owner.destroy();
  weights.destroy();
}

async function checkLogits(
  owner: TrainingBatch,
  weights: Weights,
  sequences: readonly number[][],
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const score = await ScorePass.compile(owner, weights, { keepsLogits: true });
  owner.batch.write(sequences);
  score.submit();
  const expected = tensors.get('logits').data;
  const largest = Math.max(...expected.map(Math.abs));
  report('logits', maxDifference(await score.readLogits(), expected) / largest, ALLOWED.logits);
  score.destroy();
}

/** The mean loss of the sequences. */
async function compileLoss(owner: TrainingBatch, weights: Weights, sequences: readonly number[][]) {
  const { device, readback } = owner.runtime;
  const objective = new Likelihood(device, owner.capacity);
  const mean = new TokenMean(await TrainingPass.compile(owner, weights, objective), []);
  const texts = sequences.map((ids) => sequenceFrom(ids, 1));
  return {
    /** Adds its gradient to the pools and reads it. */
    run: async (): Promise<number> => {
      objective.tokens.clearLoss();
      mean.accumulate(texts);
      return (await readback.readF32(objective.tokens.loss))[0] as number;
    },
    destroy: () => mean.destroy(),
  };
}

async function checkGradients(
  runtime: Runtime,
  weights: Weights,
  description: ModelDescription,
  owner: TrainingBatch,
  sequences: readonly number[][],
  numbers: GoldenNumbers,
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const loss = await compileLoss(owner, weights, sequences);
  report('loss', relative(await loss.run(), numbers.loss), ALLOWED.number);
  const gradients = await readGradients(runtime, weights);
  const keys = tensors.names('grad.');
  const largest = Math.max(...keys.map((key) => norm(tensors.get(key).data)));
  for (const key of keys) {
    const actual = gradientOnDisk(gradients, key.slice('grad.'.length), description);
    reportGradient(report, key, actual, tensors.get(key).data, largest);
  }
  loss.destroy();
  clearGradient(runtime, weights);
}

async function checkAdamw(
  runtime: Runtime,
  weights: Weights,
  owner: TrainingBatch,
  sequences: readonly number[][],
  { adamw }: GoldenNumbers,
  report: Report,
): Promise<void> {
  const loss = await compileLoss(owner, weights, sequences);
  // The golden numbers are of weight decay on every tensor.
  const optimizer = await Optimizer.create(runtime, weights, () => true);
  const settings = {
    learningRate: adamw.lr,
    beta1: adamw.betas[0],
    beta2: adamw.betas[1],
    epsilon: adamw.eps,
    weightDecay: adamw.weight_decay,
    maxNorm: adamw.clip_grad_norm,
  };
  for (const [step, expected] of adamw.losses.entries()) {
    report(`adamw.loss.${step}`, relative(await loss.run(), expected), ALLOWED.number);
    optimizer.step(settings);
    const { norm: gradNorm } = await optimizer.readState();
    const allowed = step === 0 ? ALLOWED.number : ALLOWED.laterGradNorm;
    report(`adamw.grad_norm.${step}`, relative(gradNorm, adamw.grad_norms[step] as number), allowed);
  }
  loss.destroy();
  optimizer.destroy();
}

async function checkGreedy(
  runtime: Runtime,
  weights: Weights,
  { greedy }: GoldenNumbers,
  report: Report,
): Promise<void> {
  const { prompt, continuation } = greedy;
  const maxNewTokens = continuation.length;
  const capacity = { rollouts: 1, maxNewTokens, promptTokens: prompt.length, hasAlternatives: false };
  const generator = new Generator(runtime, weights, capacity);
  const [rollout] = await generator.generate({
    prompts: [prompt],
    members: 1,
    // The goldens do not stop at an end token, so none is given.
    sampling: {
      temperature: 0,
      topP: 1,
      topK: 0,
      maxNewTokens,
      endTokens: [],
      numTokens: weights.architecture.vocabulary,
    },
    key: () => [0, 0, 0],
  });
  report('greedy (tokens that differ)', continuation.filter((token, i) => rollout?.tokens[i] !== token).length, 0);
  await generator.destroy();
}
