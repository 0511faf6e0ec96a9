// What a grid of trainings found: its runs, the law that they obey, and what follows from it.
import { type Fitted, type FittedRepeats, fitLaw, fitRepeats, type Interval, LEAST_POINTS } from './fit';
import { flopsOf, optimalFor, type ScalingLaw, type TrainedPoint } from './law';

/** The least loss that a budget buys, and the size that does. */
export interface OptimalPoint {
  readonly flops: number;
  readonly parameters: number;
  readonly bounds: Interval;
  readonly tokens: number;
}

export interface GridFindings {
  /** Of the runs that repeat nothing; undefined: they are too few. */
  readonly fit?: Omit<Fitted, 'resampled'>;
  readonly optimal: readonly OptimalPoint[];
  /** Of the runs that repeat their data; undefined: there are none. */
  readonly repeats?: FittedRepeats;
}

/** Budgets between the cheapest run and the dearest one, ends included. */
const BUDGETS = 6;

/** Never throws: what the runs do not determine is left out. */
export function findingsOf(points: readonly TrainedPoint[]): GridFindings {
  const once = points.filter(({ tokens, uniqueTokens }) => uniqueTokens >= tokens);
  const distinct = (of: 'parameters' | 'tokens') => new Set(once.map((point) => point[of])).size;
  if (once.length < LEAST_POINTS || distinct('parameters') < 2 || distinct('tokens') < 2) return { optimal: [] };
  const { resampled, ...fit } = fitLaw(once);
  const hasRepeats = points.length > once.length;
  return {
    fit,
    optimal: budgetsOf(once).map((flops) => optimalWithin(fit.law, resampled, flops)),
    ...(hasRepeats && { repeats: fitRepeats(fit.law, points) }),
  };
}

function optimalWithin(law: ScalingLaw, resampled: readonly ScalingLaw[], flops: number): OptimalPoint {
  const { parameters, tokens } = optimalFor(law, flops);
  const sizes = resampled.map((one) => optimalFor(one, flops).parameters).sort((a, b) => a - b);
  const at = (share: number) => sizes[Math.round(share * (sizes.length - 1))] ?? parameters;
  return { flops, parameters, tokens, bounds: { low: at(0.1), high: at(0.9) } };
}

function budgetsOf(points: readonly TrainedPoint[]): number[] {
  const flops = points.map(({ parameters, tokens }) => Math.log(flopsOf(parameters, tokens)));
  const [low, high] = [Math.min(...flops), Math.max(...flops)];
  return Array.from({ length: BUDGETS }, (_, i) => Math.exp(low + (i / (BUDGETS - 1)) * (high - low)));
}
