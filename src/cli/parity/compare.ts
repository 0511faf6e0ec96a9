// How far two results are apart, and how far they may be.

/** One comparison: its error by its own measure, and how much of it is allowed. */
export interface Check {
  readonly name: string;
  readonly error: number;
  readonly allowed: number;
  readonly isPassed: boolean;
}

export type Report = (name: string, error: number, allowed: number) => void;

export const ALLOWED = {
  /** Largest difference over the largest logit. */
  logits: 2e-5,
  /** ‖a − b‖ / ‖b‖. */
  gradient: 1e-4,
  /** |a − b| / |b|. */
  number: 1e-4,
  /** As `number`, after AdamW steps: they are near the sign of the gradient, so rounding of small gradients grows. */
  laterGradNorm: 1e-3,
} as const;

/**
 * A gradient this small beside the largest of the model (a step or two of f32 rounding) is zero in exact arithmetic, so
 * nothing can be relative to it.
 */
export const ZERO_GRADIENT = 1e-7;

/** Euclidean norm. */
export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

/** |a − b| / |b|, with a floor for |b| where a number may be near zero by its nature. */
export function relative(actual: number, expected: number, floor = 1e-8): number {
  return Math.abs(actual - expected) / Math.max(floor, Math.abs(expected));
}

/** Largest |a − b|; NaN if a is shorter than b. */
export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Array.from(expected).reduce((max, value, i) => Math.max(max, Math.abs((actual[i] ?? Number.NaN) - value)), 0);
}

/** ‖a − b‖; NaN if a is shorter than b. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return norm(Array.from(expected, (value, i) => (actual[i] ?? Number.NaN) - value));
}

/** Reports a gradient's error; `largestNorm` is the largest golden gradient norm of the same model and loss. */
export function reportGradient(
  report: Report,
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  largestNorm: number,
): void {
  const size = norm(expected);
  const isZero = size <= ZERO_GRADIENT * largestNorm;
  const error = distance(actual, expected) / (isZero ? largestNorm || 1 : size);
  report(name, actual.length === expected.length ? error : Number.NaN, isZero ? ZERO_GRADIENT : ALLOWED.gradient);
}
