// What a run came to on its way from the model that it started from: KL, the truth, and what a learned reward makes of it.
import type { StepMetrics } from '../protocol/protocol';

/** A few steps together: one alone is of few answers. */
const GROUP = 5;

export interface KlPoint {
  /** From the start, in nats a token: the mean of the steps. */
  readonly kl: number;
  /** Share of right answers. */
  readonly truth: number;
  /** How likely the grader prefers an answer of these steps to one of the first: σ(grade − grade). Undefined without a grader. */
  readonly preferred?: number;
}

const mean = (steps: readonly StepMetrics[], name: string): number =>
  steps.reduce((sum, { metrics }) => sum + (metrics[name] ?? Number.NaN), 0) / steps.length;

const GRADE = 'rewards/reward_model/mean';

/** Points by whole groups of steps; steps of other trainings are left out. */
export function klCurve(steps: readonly StepMetrics[]): KlPoint[] {
  const own = steps.filter(({ metrics }) => metrics.kl !== undefined && metrics['rewards/accuracy/mean'] !== undefined);
  const first = own[0]?.metrics[GRADE];
  const groups = Array.from({ length: Math.floor(own.length / GROUP) }, (_, i) =>
    own.slice(i * GROUP, (i + 1) * GROUP),
  );
  return groups.map((group) => ({
    kl: mean(group, 'kl'),
    truth: mean(group, 'rewards/accuracy/mean'),
    ...(first !== undefined && { preferred: 1 / (1 + Math.exp(first - mean(group, GRADE))) }),
  }));
}

/** Where the truth was highest. */
export function peakOf(points: readonly KlPoint[]): KlPoint | undefined {
  return points.reduce<KlPoint | undefined>(
    (best, point) => (best && best.truth >= point.truth ? best : point),
    undefined,
  );
}
