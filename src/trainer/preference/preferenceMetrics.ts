// What a step on preferred pairs tells, under the names of TRL's DPOTrainer and RewardTrainer.
import type { PreferenceSums } from '../../kernels/loss/preferenceLoss';
import type { PreferencePair } from './pairs';
import { isDpo, type PreferenceConfig } from './preferenceConfig';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param sums by pair, of a step whose losses were weighted to their mean. */
export function preferenceMetrics(
  config: PreferenceConfig,
  pairs: readonly PreferencePair[],
  sums: readonly PreferenceSums[],
): Record<string, number> {
  const loss = sums.reduce((sum, pair) => sum + pair.loss, 0);
  const accuracy = mean(sums.map(({ chosen, rejected }) => Number(chosen > rejected)));
  const margin = mean(sums.map(({ chosen, rejected }) => chosen - rejected));
  if (!isDpo(config)) {
    const grades = sums.flatMap(({ chosen, rejected }) => [chosen, rejected]);
    return {
      loss,
      accuracy,
      margin,
      min_reward: Math.min(...grades),
      mean_reward: mean(grades),
      max_reward: Math.max(...grades),
    };
  }
  const side = (name: 'chosen' | 'rejected') => ({
    reward: config.beta * mean(sums.map((pair) => pair[name])),
    logps: mean(sums.map((pair, i) => pair[name] + (pairs[i] as PreferencePair)[name].offset)),
  });
  const [chosen, rejected] = [side('chosen'), side('rejected')];
  return {
    loss,
    'rewards/chosen': chosen.reward,
    'rewards/rejected': rejected.reward,
    'rewards/accuracies': accuracy,
    'rewards/margins': config.beta * margin,
    'logps/chosen': chosen.logps,
    'logps/rejected': rejected.logps,
  };
}
