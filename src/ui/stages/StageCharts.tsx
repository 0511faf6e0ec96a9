// The curves of a stage.
import { useTranslation } from 'react-i18next';
import type { StageKind, StepMetrics } from '../../protocol/protocol';
import { LineChart } from '../charts/LineChart';

/** The curves that a stage of each kind is judged by. */
const CURVES: Readonly<Record<StageKind, readonly string[]>> = {
  initialize: [],
  pretrain: ['loss', 'grad_norm'],
  sft: ['loss', 'grad_norm'],
  grpo: ['reward', 'rewards/accuracy/mean', 'completions/mean_length', 'frac_reward_zero_std'],
  reject: ['kept'],
  distil: ['loss', 'completions/mean_length'],
  pairs: ['pairs'],
  'reward-model': ['loss', 'accuracy', 'margin'],
  dpo: ['loss', 'rewards/accuracies', 'rewards/margins'],
};
const SMOOTHING = 0.5;

interface StageChartsProps {
  readonly kind: StageKind;
  readonly steps: readonly StepMetrics[];
}

export function StageCharts({ kind, steps }: StageChartsProps) {
  const { t } = useTranslation();
  const curves = CURVES[kind];
  if (steps.length === 0 || curves.length === 0) return null;
  const helpOf = (metric: string) => {
    if (metric === 'reward') return t('metricHelp.reward');
    return metric === 'frac_reward_zero_std' ? t('metricHelp.frac_reward_zero_std') : undefined;
  };
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(12.5rem,1fr))] gap-x-6 gap-y-3">
      {curves.map((metric) => (
        <LineChart key={metric} metric={metric} help={helpOf(metric)} steps={steps} smoothing={SMOOTHING} />
      ))}
    </div>
  );
}
