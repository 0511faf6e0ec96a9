// GRPO's numbers: advantages, log-probabilities, and each variant's loss, gradients and metrics.
import type { Runtime } from '../../engine/runtime';
import type { ModelDescription } from '../../model/description';
import type { Weights } from '../../model/weights';
import { advantages } from '../../trainer/grpo/advantages';
import { grpoConfig } from '../../trainer/grpo/grpoConfig';
import { GrpoUpdater, type TrainingRollout } from '../../trainer/grpo/grpoUpdate';
import { numItems } from '../../trainer/grpo/lossWeights';
import { ScorePass } from '../../trainer/scorePass';
import { TrainingBatch } from '../../trainer/trainingPass';
import { ALLOWED, maxDifference, norm, type Report, relative, reportGradient } from './compare';
import { type GoldenGrpo, type GoldenTensors, GROUP_SIZE } from './golden';
import { clearGradient, gradientOnDisk, readGradients } from './gradients';

/** The loss of a batch of both signs may be near zero; its scale is that of its terms. */
export const LOSS_FLOOR = 1e-2;

export async function checkGrpo(
  runtime: Runtime,
  weights: Weights,
  description: ModelDescription,
  golden: GoldenGrpo,
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const rewards = tensors.get('grpo.rewards').data;
  const computed = advantages(rewards, GROUP_SIZE, 'group').advantages;
  report('grpo.advantages', maxDifference(computed, tensors.get('grpo.advantages').data), ALLOWED.number);
  const rollouts = goldenRollouts(tensors);
  const capacity = rollouts.reduce((sum, rollout) => sum + rollout.prompt.length + rollout.completion.length, 0);
  await checkLogps(runtime, weights, rollouts, capacity, tensors, report);
  for (const name of Object.keys(golden.variants)) {
    await checkVariant(runtime, weights, description, golden, name, rollouts, capacity, tensors, report);
  }
}

/** The rollouts of a golden folder, of which none is masked. */
export function goldenRollouts(tensors: GoldenTensors): TrainingRollout[] {
  const [completions, masks] = [tensors.rows('grpo.completion_ids'), tensors.rows('grpo.completion_mask')];
  const [oldLogps, refLogps] = [tensors.rows('grpo.old_logps'), tensors.rows('grpo.ref_logps')];
  const given = tensors.get('grpo.advantages').data;
  return tensors.rows('grpo.prompt_ids').map((prompt, i) => {
    const length = (masks[i] as number[]).reduce((sum, bit) => sum + bit, 0);
    const part = (rows: number[][]) => (rows[i] as number[]).slice(0, length);
    return {
      prompt,
      completion: part(completions),
      oldLogps: part(oldLogps),
      refLogps: part(refLogps),
      advantage: given[i] as number,
      isMasked: false,
    };
  });
}

async function checkLogps(
  runtime: Runtime,
  weights: Weights,
  rollouts: readonly TrainingRollout[],
  capacity: number,
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const owner = new TrainingBatch(runtime, weights, capacity);
  const score = await ScorePass.compile(owner, weights);
  const starts = owner.batch.write(rollouts.map((rollout) => [...rollout.prompt, ...rollout.completion]));
  score.submit();
  const actual = { 'grpo.logps': await score.readLogProbs(), 'grpo.entropies': await score.readEntropies() };
  for (const [name, values] of Object.entries(actual)) {
    const expected = tensors.rows(name);
    const errors = rollouts.map(({ prompt, completion }, i) => {
      // The place that predicts the first completion token is the prompt's last.
      const first = (starts[i] as number) + prompt.length - 1;
      const row = (expected[i] as number[]).slice(0, completion.length);
      return maxDifference(values.subarray(first, first + completion.length), row);
    });
    report(name, Math.max(...errors), ALLOWED.number);
  }
  score.destroy();
  owner.destroy();
}

async function checkVariant(
  runtime: Runtime,
  weights: Weights,
  description: ModelDescription,
  golden: GoldenGrpo,
  name: string,
  rollouts: readonly TrainingRollout[],
  capacity: number,
  tensors: GoldenTensors,
  report: Report,
): Promise<void> {
  const variant = golden.variants[name] as GoldenGrpo['variants'][string];
  const config = { ...grpoConfig(variant.settings), max_completion_length: golden.max_completion_length };
  const isCut = config.top_entropy_quantile < 1;
  const scoring = isCut ? { scoresEntropies: true, scoredTokens: capacity } : {};
  const shape = { capacity, maxRollouts: rollouts.length, temperature: config.temperature, ...scoring };
  const updater = await GrpoUpdater.create(runtime, weights, shape);
  clearGradient(runtime, weights);
  const result = await updater.accumulate({
    rollouts,
    options: config,
    numItemsInBatch: numItems(rollouts),
    isOnPolicy: false,
    isFresh: true,
    cut: isCut ? await updater.entropyCut(rollouts, config, true) : undefined,
  });
  report(`grpo.${name}.loss`, relative(result.loss, variant.loss, LOSS_FLOOR), ALLOWED.number);
  const gradients = await readGradients(runtime, weights);
  const norms = [...gradients.values()].map((tensor) => norm(tensor.data));
  report(`grpo.${name}.grad_norm`, relative(norm(norms), variant.grad_norm), ALLOWED.gradient);
  const prefix = `grpo.${name}.grad.`;
  for (const key of tensors.names(prefix)) {
    const actual = gradientOnDisk(gradients, key.slice(prefix.length), description);
    reportGradient(report, key, actual, tensors.get(key).data, variant.grad_norm);
  }
  for (const [metric, expected] of Object.entries(variant.metrics)) {
    const actual = result.metrics[metric] ?? Number.NaN;
    report(`grpo.${name}.${metric}`, relative(actual, expected, 1), ALLOWED.number);
  }
  updater.destroy();
}
