// The speeds of measured ways to compute, as bars show them.
import type { MeasuredWay } from '../../protocol/protocol';

export type Work = 'product' | 'decode';

/** Undefined: not measured, or not yet. */
export function speedOf({ gflops, tokensPerSecond, fault }: MeasuredWay, work: Work): number | undefined {
  if (fault) return undefined;
  return work === 'product' ? gflops : tokensPerSecond;
}

/** Digits after the point of a figure that says no more than a measurement of a few samples can. */
export function figureDigits(value: number): number {
  return value < 10 ? 1 : 0;
}
