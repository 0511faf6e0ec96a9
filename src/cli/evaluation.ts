// What commands that measure a model share.
import { type CardEvaluation, shareWithInterval } from '../formats/huggingface/modelCard';
import type { Evaluation } from '../trainer/evaluation/evaluate';

/** An evaluation as a line of a training run. */
export function evaluationLine(step: number, evaluation: Evaluation): string {
  const { accuracy, formatRate, meanThinkingTokens, answers } = evaluation;
  const share = `${shareWithInterval(accuracy, answers.length)} on ${answers.length} problems`;
  const thinking = `thinking ${meanThinkingTokens.toFixed(1)} tokens`;
  return `eval at step ${step}: accuracy ${share}  format ${formatRate.toFixed(4)}  ${thinking}`;
}

/** An evaluation as a model card has it. */
export function cardEvaluation(evaluation: Evaluation): CardEvaluation {
  const { accuracy, formatRate, meanThinkingTokens, language, tasks, answers } = evaluation;
  const hasWords = language.en + language.zh > 0;
  return {
    problems: answers.length,
    accuracy,
    format: formatRate,
    meanThinkingTokens,
    ...(hasWords && { language }),
    ...(tasks && { tasks }),
  };
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
