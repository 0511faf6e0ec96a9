// The model card of a run of this browser: from its record, its steps so far, and nothing of the card of what it started from.
import type { CardEvaluation } from '../formats/huggingface/modelCard';
import { lineageName, lineageOf, lineageSlug } from '../protocol/lineage';
import type { RunRecord, StepMetrics } from '../protocol/protocol';
import { type GrpoCardFacts, grpoCard } from '../runs/grpoCard';

type Rest = 'task' | 'difficulty' | 'model' | 'sampling' | 'device';

/** What held-out problems said of a step; undefined where none were asked. */
function evaluationOf(metrics: StepMetrics['metrics'], problems: number): CardEvaluation | undefined {
  const { 'eval/accuracy': accuracy, 'eval/thinking_language/en': en, 'eval/thinking_language/zh': zh } = metrics;
  if (accuracy === undefined || problems === 0) return undefined;
  return {
    problems,
    accuracy,
    format: metrics['eval/format'],
    meanThinkingTokens: metrics['eval/mean_thinking_length'],
    ...(en !== undefined && zh !== undefined && { language: { en, zh } }),
  };
}

/** @param steps all of the run, oldest first. */
export function runCard(
  record: RunRecord,
  steps: readonly StepMetrics[],
  rest: Readonly<Pick<GrpoCardFacts, Rest>>,
): string {
  const { baseModel, parents, name, step, settings } = record;
  const parent = lineageSlug({ baseModel, runs: parents });
  const measured = steps.flatMap((one) => {
    const evaluation = one.step <= step ? evaluationOf(one.metrics, settings.evalProblems) : undefined;
    return evaluation ? [{ ...evaluation, step: one.step }] : [];
  });
  const before = measured.find((one) => one.step === 0);
  const last = measured.at(-1);
  return grpoCard({
    ...rest,
    name: lineageName(lineageOf(record)),
    parent: { name: parent, path: parent },
    preset: settings.preset,
    config: settings.config,
    step,
    // At step 0 the weights are still those of the model it starts from.
    evaluation: last,
    before: last === before ? undefined : before,
    out: `runs/${name}`,
    seconds: steps.reduce((sum, { metrics }) => sum + (metrics.step_time ?? 0), 0),
  });
}
