// Where a new run starts, and whether it is known to be a place to learn from. Pure.
import type { ModelInfo, RunSettings, ShippedModel, StepMetrics } from '../protocol/protocol';
import type { RunState } from './runReducer';
import { defaultStart, shippedAsItCame } from './shipped';

/** The loaded model as it is now, or a shipped one as it came. */
export type Start = ShippedModel | 'loaded';

/** What the shipped models were trained on: the task of recipes/base.json. */
export const SHIPPED_TASK = 'chained_sums';
/** The tasks for which recipes/tasks/ tells how a base model is made. */
export const TASKS_WITH_RECIPE: readonly string[] = ['countdown', 'equations', 'products', 'programs'];

export const startKey = (start: Start): string => (start === 'loaded' ? '' : start.id);

/** Every place that a run could start from. A shipped model that is loaded as it came is listed once. */
export function startChoices(model: ModelInfo, models: readonly ShippedModel[]): readonly Start[] {
  return shippedAsItCame(model, models) === undefined ? ['loaded', ...models] : models;
}

/** The chosen place, if it is still there; else where runs start unless the reader says otherwise. */
export function chosenStart(model: ModelInfo, models: readonly ShippedModel[], key: string | undefined): Start {
  const chosen = startChoices(model, models).find((start) => startKey(start) === key);
  const start = chosen ?? defaultStart(model, models);
  return start !== 'loaded' && start === shippedAsItCame(model, models) ? 'loaded' : start;
}

/** The run that the loaded model comes from, as far as it was told of. */
export interface LastRun {
  readonly name: string;
  readonly task: string;
  /** The step of its weights now. */
  readonly step: number;
  readonly hasFailed: boolean;
  readonly steps: readonly StepMetrics[];
}

/** What the open run tells of the loaded model; undefined where none of this tab is open. */
export function lastRunOf({ run, origin, steps }: RunState): LastRun | undefined {
  if (run === undefined || origin !== 'live') return undefined;
  const { name, settings, step, status } = run;
  return { name, task: settings.task, step, hasFailed: status === 'failed', steps };
}

/**
 * Whether the place is known to answer some of the task's questions: a shipped model as it came, on what it was trained
 * on; or the loaded one, if the run that it comes from did not fail and was right at times on held-out problems after
 * its last update (a step's answers are drawn before its update, so they say nothing of it). Anywhere else it is tried
 * first.
 */
export function isProven(
  start: Start,
  { task }: Pick<RunSettings, 'task'>,
  model: ModelInfo,
  models: readonly ShippedModel[],
  lastRun: LastRun | undefined,
): boolean {
  if (start !== 'loaded' || shippedAsItCame(model, models)) return task === SHIPPED_TASK;
  if (lastRun === undefined || lastRun.name !== model.runs.at(-1) || lastRun.task !== task || lastRun.hasFailed)
    return false;
  const { metrics } = lastRun.steps.find(({ step }) => step === lastRun.step) ?? {};
  return (metrics?.['eval/accuracy'] ?? 0) > 0;
}
