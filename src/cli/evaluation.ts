// What commands that measure a model share.
import type { Evaluation } from '../trainer/evaluate';

/** An evaluation as a line of a training run. */
export function evaluationLine(step: number, { accuracy, formatRate, meanThinkingTokens }: Evaluation): string {
  const thinking = `thinking ${meanThinkingTokens.toFixed(1)} tokens`;
  return `eval at step ${step}: accuracy ${accuracy.toFixed(4)}  format ${formatRate.toFixed(4)}  ${thinking}`;
}

/** An evaluation as the rows of a model card. */
export function evaluationResults(evaluation: Evaluation): [name: string, value: string][] {
  return [
    [`accuracy on ${evaluation.answers.length} problems`, evaluation.accuracy.toFixed(3)],
    ['right form', evaluation.formatRate.toFixed(3)],
    ['mean thinking tokens', evaluation.meanThinkingTokens.toFixed(1)],
  ];
}

/** The figures of a step side by side: `step 12/150  reward 0.512  …`; a metric that was not measured is left out. */
export function stepLine(
  step: number,
  total: number,
  metrics: Readonly<Record<string, number>>,
  figures: readonly (readonly [label: string, metric: string, digits: number])[],
): string {
  const shown = figures.flatMap(([label, metric, digits]) => {
    const value = metrics[metric];
    return value === undefined
      ? []
      : [`${label} ${Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential(1) : value.toFixed(digits)}`];
  });
  return [`step ${String(step).padStart(String(total).length)}/${total}`, ...shown].join('  ');
}
