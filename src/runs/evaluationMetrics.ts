// An evaluation under the names of metrics.
import { type Evaluation, languageMetrics } from '../trainer/evaluation/evaluate';

export function evaluationMetrics(evaluation: Evaluation): Record<string, number> {
  return {
    'eval/accuracy': evaluation.accuracy,
    'eval/format': evaluation.formatRate,
    'eval/mean_thinking_length': evaluation.meanThinkingTokens,
    'eval/mean_length': evaluation.meanTokens,
    ...languageMetrics(evaluation.language, 'eval'),
    ...Object.fromEntries(
      Object.entries(evaluation.tasks ?? {}).map(([task, { accuracy }]) => [`eval/accuracy/${task}`, accuracy]),
    ),
  };
}
