// Metrics of a run, line by line, as steps under our names.
import type { StepMetrics } from '../run';
import { StepBins } from './bins';
import { isStep, type Remark, STEP_REMEDY } from './madeElsewhere';
import { MetricNames } from './metricNames';
import type { JsonObject } from './pythonJson';
import { ResultsError } from './resultsError';

/** More steps than this are joined: no chart shows more. */
const MAX_STEPS = 20_000;
/** As many steps as hold so many values, if each has every metric. */
const MAX_VALUES = 4_000_000;
/** Where other programs say the step of a line. */
const STEP_NAMES = ['step', 'global_step', '_step', 'training/global_step', 'iteration'];

const PART_OF_REWARD = /^rewards\/[^/]+\/mean$/;
/** Logs are rounded. */
const SUM_TOLERANCE = 1e-2;

type Metrics = Record<string, number>;

export class MetricsTable {
  readonly #steps = new StepBins<Metrics>(MAX_STEPS, (earlier, later) => ({ ...earlier, ...later }));
  readonly #names = new MetricNames();
  readonly #theirs = new Set<string>();
  #lines = 0;
  /** Of lines that do not say their step. */
  #counted = 0;

  constructor(private readonly file: string) {}

  /** Takes a line; one without numbers, such as a message, is passed over. Throws ResultsError for a step that is none. */
  add(line: JsonObject): void {
    this.#lines++;
    // veRL's file logger: {"step": n, "data": {…}}.
    const { data } = line;
    const values = typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as JsonObject) : line;
    const metrics: Metrics = {};
    for (const [name, value] of Object.entries(values)) {
      const isFigure = typeof value === 'number' || value === null;
      if (!isFigure || STEP_NAMES.includes(name)) continue;
      const ours = this.#names.of(name);
      if (ours === undefined) continue;
      if (this.#theirs.size < 2000) this.#theirs.add(name);
      // JSON has null for a number that is not finite.
      metrics[ours] = value ?? Number.NaN;
    }
    if (Object.keys(metrics).length === 0) return;
    this.#steps.add(this.#stepOf(line, values), metrics);
    while (this.#steps.size * this.#names.size > MAX_VALUES && this.#steps.size > 1) this.#steps.widen();
  }

  #stepOf(...places: readonly JsonObject[]): number {
    for (const place of places) {
      for (const name of STEP_NAMES) {
        const step = place[name];
        if (step === undefined || step === null) continue;
        if (isStep(step)) return step;
        const found = `${name} ${JSON.stringify(step)?.slice(0, 40)} in entry ${this.#lines}`;
        throw new ResultsError(this.file, found, STEP_REMEDY);
      }
    }
    // What Trainer prints of an evaluation, and in the end, belongs to the step before.
    const isOfStepBefore = Object.keys(places[0] ?? {}).some((name) => /^(eval|train)_/.test(name));
    if (!isOfStepBefore || this.#counted === 0) this.#counted++;
    return this.#counted;
  }

  get isEmpty(): boolean {
    return this.#steps.size === 0;
  }

  get steps(): readonly StepMetrics[] {
    return this.#steps.inOrder().map(({ step, value }) => ({ step, metrics: value }));
  }

  /** The program that names metrics so. */
  get by(): 'TRL' | 'veRL' | 'other' {
    const has = (pattern: RegExp) => [...this.#theirs].some((name) => pattern.test(name));
    if (has(/^(critic|actor|response_length|val-core)\//)) return 'veRL';
    return has(/^(completions\/mean_length|rewards\/.+\/mean|frac_reward_zero_std)$/) ? 'TRL' : 'other';
  }

  /** Whether the reward is the sum of its parts with weight 1, as far as both are logged. */
  get isRewardSum(): boolean {
    return this.steps.every(({ metrics }) => {
      const parts = Object.entries(metrics).filter(([name]) => PART_OF_REWARD.test(name));
      if (metrics.reward === undefined || parts.length === 0) return true;
      const sum = parts.reduce((all, [, value]) => all + value, 0);
      return !(Math.abs(metrics.reward - sum) > SUM_TOLERANCE * Math.max(1, Math.abs(sum)));
    });
  }

  /** Whether any of it is what a training of a language model logs. */
  get isOfTraining(): boolean {
    const usual = /^(loss|reward|grad_norm|learning_rate|kl|entropy|eval_loss)$/;
    return this.by !== 'other' || [...this.#theirs].some((name) => usual.test(name));
  }

  get remarks(): readonly Remark[] {
    const { stride, found } = this.#steps;
    const { leftOut } = this.#names;
    return [
      ...(stride > 1 ? [{ kind: 'stepsJoined', found, stride } as const] : []),
      ...(this.#counted > 0 ? [{ kind: 'linesAsSteps' } as const] : []),
      ...(leftOut > 0 ? [{ kind: 'metricsLeftOut', count: leftOut } as const] : []),
    ];
  }
}
