// The law that runs obey best, with error bars: Huber's loss on logarithms, from several starts, over runs drawn again and again.
import { type Rng, rng } from '../rng';
import { effectiveTokens, predictedLoss, type ScalingLaw, sizeExponent, type TrainedPoint } from './law';
import { minimize } from './minimize';

/** δ of Huber's loss, as in Hoffmann et al.: all but the smallest differences count by their size, not by their square. */
const DELTA = 1e-3;
/** Starts of the search: α and β alike, and E as a share of the least loss. */
const STARTS = [0.2, 0.5, 1].flatMap((power) => [0.3, 0.8].map((floor) => ({ power, floor })));
/** Exponents beyond these say that the runs do not determine them. */
const MOST_POWER = 3;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Fitted {
  readonly law: ScalingLaw;
  /** Root of the mean squared difference of the logarithms of the losses: about a relative error. */
  readonly residual: number;
  /** 80 % of the laws that fit runs drawn with replacement lie within. */
  readonly bounds: Readonly<Record<keyof ScalingLaw | 'sizeExponent', Interval>>;
  /** These laws, for bands around a line. */
  readonly resampled: readonly ScalingLaw[];
}

/** Runs that are too few, or too much alike, for a law. */
export const LEAST_POINTS = 5;

const huber = (x: number) => (Math.abs(x) <= DELTA ? (x * x) / 2 : DELTA * (Math.abs(x) - DELTA / 2));

/** The law of runs that repeat nothing. Throws RangeError for fewer than LEAST_POINTS, or all of one size or one length. */
export function fitLaw(points: readonly TrainedPoint[], seed = 0, resamples = 100): Fitted {
  const distinct = (of: 'parameters' | 'tokens') => new Set(points.map((point) => point[of])).size;
  if (points.length < LEAST_POINTS || distinct('parameters') < 2 || distinct('tokens') < 2) {
    throw new RangeError('a law needs five runs or more, of two sizes and two lengths at least');
  }
  const law = best(points, startsFor(points));
  const start = toUnknowns(law, points);
  const resampled = Array.from({ length: resamples }, (_, i) =>
    best(redrawn(points, rng(seed, 'shuffle', i)), [start]),
  );
  const bounds = (of: (law: ScalingLaw) => number) => quantiles(resampled.map(of), of(law));
  return {
    law,
    residual: Math.sqrt(mean(points.map((point) => logDifference(law, point) ** 2))),
    bounds: {
      E: bounds(({ E }) => E),
      A: bounds(({ A }) => A),
      alpha: bounds(({ alpha }) => alpha),
      B: bounds(({ B }) => B),
      beta: bounds(({ beta }) => beta),
      sizeExponent: bounds(sizeExponent),
    },
    resampled,
  };
}

export interface FittedRepeats {
  /** R*: about after so many repeats a repeated token is worth little. */
  readonly halving: number;
  readonly bounds: Interval;
  readonly residual: number;
}

/** What repeating is worth, the law being given: R* alone is looked for. Throws RangeError where no run repeats anything. */
export function fitRepeats(law: ScalingLaw, points: readonly TrainedPoint[], seed = 0, resamples = 100): FittedRepeats {
  const repeated = points.filter(({ tokens, uniqueTokens }) => tokens > uniqueTokens);
  if (repeated.length === 0) throw new RangeError('no run repeats its data');
  const differenceOf = (halving: number) => (point: TrainedPoint) => logDifference(law, withEffective(point, halving));
  const find = (some: readonly TrainedPoint[]) => {
    const cost = ([log = 0]: readonly number[]) => sum(some.map((point) => huber(differenceOf(Math.exp(log))(point))));
    const within = ([log = 0]: readonly number[]) => (Math.abs(log) > Math.log(1e4) ? Infinity : cost([log]));
    const found = [-1, 1, 3].map((start) => minimize(within, [start], { maxEvaluations: 400 }));
    return Math.exp(least(found).at[0] as number);
  };
  const halving = find(repeated);
  const again = Array.from({ length: resamples }, (_, i) => find(redrawn(repeated, rng(seed, 'shuffle', i, 1))));
  const residual = Math.sqrt(mean(repeated.map((point) => differenceOf(halving)(point) ** 2)));
  return { halving, bounds: quantiles(again, halving), residual };
}

const withEffective = (point: TrainedPoint, halving: number): TrainedPoint => ({
  ...point,
  tokens: effectiveTokens(point.tokens, point.uniqueTokens, halving),
});

const logDifference = (law: ScalingLaw, { parameters, tokens, loss }: TrainedPoint) =>
  Math.log(predictedLoss(law, parameters, tokens)) - Math.log(loss);

/**
 * What is looked for: logarithms of E and of what size and data add at the runs' geometric middle, and α and β. At the middle
 * they hardly depend on each other, which A and B themselves do.
 */
type Unknowns = readonly number[];

function middle(points: readonly TrainedPoint[]): { readonly N: number; readonly D: number } {
  return {
    N: Math.exp(mean(points.map(({ parameters }) => Math.log(parameters)))),
    D: Math.exp(mean(points.map(({ tokens }) => Math.log(tokens)))),
  };
}

function toLaw([e = 0, n = 0, d = 0, alpha = 0, beta = 0]: Unknowns, points: readonly TrainedPoint[]): ScalingLaw {
  const { N, D } = middle(points);
  return { E: Math.exp(e), A: Math.exp(n) * N ** alpha, alpha, B: Math.exp(d) * D ** beta, beta };
}

function toUnknowns({ E, A, alpha, B, beta }: ScalingLaw, points: readonly TrainedPoint[]): Unknowns {
  const { N, D } = middle(points);
  return [Math.log(E), Math.log(A / N ** alpha), Math.log(B / D ** beta), alpha, beta];
}

function startsFor(points: readonly TrainedPoint[]): Unknowns[] {
  const lowest = Math.min(...points.map(({ loss }) => loss));
  return STARTS.map(({ power, floor }) => {
    const rest = Math.log(lowest * (1 - floor * 0.9) * 0.5);
    return [Math.log(lowest * floor), rest, rest, power, power];
  });
}

function best(points: readonly TrainedPoint[], starts: readonly Unknowns[]): ScalingLaw {
  const cost = (unknowns: Unknowns) => {
    const law = toLaw(unknowns, points);
    if (law.alpha <= 0 || law.beta <= 0 || law.alpha > MOST_POWER || law.beta > MOST_POWER) return Infinity;
    return sum(points.map((point) => huber(logDifference(law, point))));
  };
  return toLaw(least(starts.map((start) => minimize(cost, start))).at, points);
}

function least<T extends { readonly value: number }>(found: readonly T[]): T {
  return found.reduce((a, b) => (b.value < a.value ? b : a));
}

/** As many, drawn with replacement, until they are of two sizes and two lengths at least. */
function redrawn(points: readonly TrainedPoint[], draw: Rng): TrainedPoint[] {
  for (let attempt = 0; attempt < 100; attempt++) {
    const drawn = points.map(() => draw.pick(points));
    const distinct = (of: 'parameters' | 'tokens' | 'uniqueTokens') =>
      new Set(drawn.map((point) => point[of])).size > 1;
    if (distinct('parameters') && (distinct('tokens') || distinct('uniqueTokens'))) return drawn;
  }
  return [...points];
}

function quantiles(values: readonly number[], fallback: number): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? fallback;
  return { low: at(0.1), high: at(0.9) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
