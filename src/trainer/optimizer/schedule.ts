// Learning rate by step, as transformers' get_scheduler gives it.

export interface Schedule {
  readonly type: 'constant' | 'constant_with_warmup' | 'linear' | 'cosine';
  /** The rate at the end of the warm-up. */
  readonly learningRate: number;
  /** Steps over which the rate rises evenly from 0; `constant` has none, whatever is given. */
  readonly warmupSteps: number;
  readonly totalSteps: number;
  /** Where a cosine ends, as a share of learningRate (`cosine_with_min_lr`). 0 if not given. */
  readonly minLearningRateShare?: number;
}

/** The rate for optimizer step `step`, counted from 0. With a warm-up the first step's rate is 0. */
export function learningRateAt(step: number, schedule: Schedule): number {
  const { type, learningRate, warmupSteps, totalSteps, minLearningRateShare = 0 } = schedule;
  if (type === 'constant') return learningRate;
  if (step < warmupSteps) return learningRate * (step / warmupSteps);
  if (type === 'constant_with_warmup') return learningRate;
  const decaySteps = Math.max(1, totalSteps - warmupSteps);
  if (type === 'linear') return learningRate * Math.max(0, (totalSteps - step) / decaySteps);
  const cosine = 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / decaySteps));
  return learningRate * (cosine * (1 - minLearningRateShare) + minLearningRateShare);
}
