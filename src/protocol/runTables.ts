// A run's metrics and answers as tables for other programs, under the names that TRL logs them by. Pure.
import type { RolloutGroup, StepMetrics } from './protocol';

/** A field of RFC 4180. */
const field = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** A line a step, a column a metric; an empty field where one was not measured. */
export function metricsCsv(steps: readonly StepMetrics[]): string {
  const names = [...new Set(steps.flatMap(({ metrics }) => Object.keys(metrics)))];
  const rows = steps.map(({ step, metrics }) => [step, ...names.map((name) => metrics[name])]);
  return [['step', ...names], ...rows]
    .map((row) => `${row.map((value) => field(value === undefined ? '' : String(value))).join(',')}\r\n`)
    .join('');
}

/** A JSON object a step, as in TRL's `log_history`. Not finite is null. */
export function metricsJsonl(steps: readonly StepMetrics[]): string {
  return steps.map(({ step, metrics }) => `${JSON.stringify({ step, ...metrics })}\n`).join('');
}

/** A JSON object a completion, with the columns of TRL's table of completions: each reward under its name. */
export function rolloutsJsonl(groups: readonly RolloutGroup[]): string {
  const rows = groups.flatMap(({ step, index, question, gold, members }) =>
    members.map(({ tokens, answer = null, rewards, reward, advantage, stopReason }) => ({
      ...{ step, group: index, prompt: question, completion: tokens.map(({ text }) => text).join('') },
      ...rewards,
      ...{ reward, advantage, answer, gold, stop_reason: stopReason },
      num_tokens: stopReason === 'unknown' ? null : tokens.length,
    })),
  );
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
