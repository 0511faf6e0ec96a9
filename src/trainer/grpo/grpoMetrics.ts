// A GRPO step's metrics that come from its rollouts, under TRL's names.
import type { AdamwState } from '../../kernels/optimizer/adamw';
import { meanAndStd } from '../../lib/meanAndStd';
import { CUSTOM } from '../../rewards/custom';
import { languageMetrics, thinkingLanguage } from '../evaluation/evaluate';
import type { Advantages } from './advantages';
import type { Group, GrpoStep } from './grpoStep';
import type { OptimizerStep } from './optimizerSteps';

/**
 * Each metric of the optimizer steps on a generation: its mean over those that have it. learning_rate is the last one's, as
 * transformers logs it; skipped_steps counts those of the whole run whose gradient was not finite.
 */
export async function stepMetrics(steps: readonly OptimizerStep[]): Promise<Record<string, number>> {
  const results = await Promise.all(steps.map(({ result }) => result));
  const states = await Promise.all(steps.map(({ state }) => state));
  const records = results.map(({ metrics }, i) => ({ ...metrics, grad_norm: (states[i] as AdamwState).norm }));
  const skipped = states.at(-1)?.skipped ?? 0;
  return {
    ...meanOfRecords(records),
    learning_rate: steps.at(-1)?.learningRate ?? 0,
    ...(skipped > 0 && { skipped_steps: skipped }),
  };
}

/** The mean of each metric over the records that have it. */
function meanOfRecords(records: readonly Record<string, number>[]): Record<string, number> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = records.map((record) => record[name]).filter((value) => value !== undefined);
      return [name, values.reduce((sum, value) => sum + value, 0) / values.length];
    }),
  );
}

/**
 * reward, reward_std, frac_reward_zero_std, rewards/{name}/mean and /std; rewards/custom/errors: on how many answers the
 * reader's own reward failed.
 */
export function rewardMetrics(groups: readonly Group[], outcome: Advantages): Record<string, number> {
  const metrics: Record<string, number> = { frac_reward_zero_std: outcome.fracZeroStd };
  if (Number.isFinite(outcome.rewardMean)) metrics.reward = outcome.rewardMean;
  if (Number.isFinite(outcome.rewardStd)) metrics.reward_std = outcome.rewardStd;
  const all = groups.flatMap((group) => group.members.map((member) => member.score));
  for (const name of Object.keys(all[0]?.scores ?? {})) {
    const { mean, std } = meanAndStd(all.map(({ scores }) => scores[name] ?? null));
    if (name === CUSTOM) metrics[`rewards/${name}/errors`] = all.filter(({ error }) => error !== undefined).length;
    if (Number.isFinite(mean)) metrics[`rewards/${name}/mean`] = mean;
    if (Number.isFinite(std)) metrics[`rewards/${name}/std`] = std;
  }
  return metrics;
}

/** completions/…: lengths in tokens, the end token included, and the languages of the thinking. */
export function completionMetrics(groups: readonly Group[]): Record<string, number> {
  const answers = groups.flatMap((group) => group.members.map((member) => member.answer));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const lengths = answers.map((answer) => answer.rollout.tokens.length);
  const terminated = answers
    .filter((answer) => answer.rollout.stop === 'end')
    .map((answer) => answer.rollout.tokens.length);
  return {
    'completions/mean_length': mean(lengths),
    'completions/min_length': Math.min(...lengths),
    'completions/max_length': Math.max(...lengths),
    'completions/clipped_ratio': 1 - terminated.length / Math.max(1, lengths.length),
    'completions/mean_terminated_length': mean(terminated),
    'completions/min_terminated_length': terminated.length > 0 ? Math.min(...terminated) : 0,
    'completions/max_terminated_length': terminated.length > 0 ? Math.max(...terminated) : 0,
    'completions/mean_thinking_length': mean(answers.map((answer) => answer.thinkingTokens)),
    ...languageMetrics(thinkingLanguage(answers), 'completions'),
  };
}

/** moe/load_max_over_mean/{layer}: 1 is an even load. */
export function loadMetrics(loads: GrpoStep['loads']): Record<string, number> {
  return Object.fromEntries(
    loads.map(({ layer, counts }) => {
      const mean = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
      return [`moe/load_max_over_mean/${layer}`, Math.max(...counts) / Math.max(mean, 1e-9)];
    }),
  );
}
