// The made-up engine's runs in localStorage, so that they outlast the page as the real ones do. What a step measured and
// wrote is made up again whenever it is asked for.
import { rng } from '../../lib/rng';
import type { RolloutGroup, RunRecord, StepMetrics } from '../../protocol/protocol';
import type { StepWithGroups } from '../../runs/run';
import { task as chainedSums } from '../../tasks/kinds/chainedSums';
import { madeUpGroup, madeUpMetrics, withFailure } from '../madeUp';

const STORAGE_KEY = 'soliloquy.fakeRuns';

/** A run, and the step of its checkpoint. */
export type KeptRun = RunRecord & { readonly savedStep: number };

export function storedRuns(): readonly KeptRun[] {
  return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]') as KeptRun[];
}

export const findRun = (runId: string): KeptRun | undefined => storedRuns().find(({ id }) => id === runId);

export function storeRuns(runs: readonly KeptRun[]): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(runs));
}

/** Keeps the run as it is now, newest first, beside what was saved of it. */
export function keepRun(run: RunRecord): void {
  const savedStep = findRun(run.id)?.savedStep ?? 0;
  storeRuns([{ ...run, savedStep }, ...storedRuns().filter(({ id }) => id !== run.id)]);
}

const elsewhereKey = (run: RunRecord) => `${STORAGE_KEY}.${run.id}`;

/** Keeps a run of another program, whose steps are what its files say. */
export function keepElsewhere(run: RunRecord, steps: readonly StepWithGroups[]): void {
  keepRun(run);
  localStorage.setItem(elsewhereKey(run), JSON.stringify(steps));
}

/** What JSON has no number for. */
const FIGURES = ['logp', 'advantage', 'reward', 'rewardMean', 'rewardStd'];

const stepsElsewhere = (run: RunRecord) =>
  JSON.parse(localStorage.getItem(elsewhereKey(run)) ?? '[]', (name, value) =>
    value === null && FIGURES.includes(name) ? Number.NaN : value,
  ) as readonly StepWithGroups[];

/** As by a learning rate that leaves nothing of a model. */
export const isWrecked = ({ settings }: RunRecord) => settings.config.learning_rate >= 1;

export function metricsOf(run: RunRecord, step: number): Record<string, number> {
  const metrics = madeUpMetrics(run, step);
  if (!isWrecked(run) || step === 0) return metrics;
  const isMeasured = 'eval/accuracy' in metrics;
  return { ...metrics, reward: 0, 'rewards/accuracy/mean': 0, ...(isMeasured && { 'eval/accuracy': 0 }) };
}

/** The metrics of every step so far. */
export function stepsOf(run: RunRecord): StepMetrics[] {
  if (run.madeElsewhere) return stepsElsewhere(run).map(({ metrics }) => metrics);
  const steps = Array.from({ length: run.step + 1 }, (_, step) => ({ step, metrics: metricsOf(run, step) }));
  return steps.slice(1);
}

export function groupsOf(run: RunRecord, step: number): RolloutGroup[] {
  if (run.madeElsewhere) return [...(stepsElsewhere(run).find((one) => one.metrics.step === step)?.groups ?? [])];
  const { seed, num_generations, num_prompts } = run.settings.config;
  return Array.from({ length: num_prompts }, (_, index) => {
    const problem = chainedSums.generate(rng(seed, 'problem', step, index), run.settings.difficulty);
    const group = madeUpGroup(problem, { seed, step, index, size: num_generations });
    return withFailure(group, run.settings.config);
  });
}
