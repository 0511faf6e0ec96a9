// What follows from the cost of an answer or a step: rates, and the share of the time in which the device did not compute.
import type { PhaseCost, WorkCost } from '../../protocol/protocol';

/** Tokens a second and 10⁹ operations a second of the device's time; undefined where nothing was counted or timed. */
export function phaseRates({ tokens, flops, ms = 0 }: PhaseCost): {
  readonly tokensPerSecond: number | undefined;
  readonly gflops: number | undefined;
} {
  const perMs = (amount: number) => (amount > 0 && ms > 0 ? amount / ms : undefined);
  const tokensPerMs = perMs(tokens);
  const flopsPerMs = perMs(flops);
  return {
    tokensPerSecond: tokensPerMs && tokensPerMs * 1000,
    gflops: flopsPerMs && flopsPerMs / 1e6,
  };
}

/** Share of the work's time in which nothing was under way on the device. */
export function shareOutside({ idleMs, elapsedMs }: WorkCost): number {
  return elapsedMs > 0 ? idleMs / elapsedMs : 0;
}

/** 10⁹ operations a second of the whole, phases and what lies between them. */
export function overallGflops({ phases, elapsedMs }: WorkCost): number | undefined {
  const flops = phases.reduce((sum, phase) => sum + phase.flops, 0);
  return flops > 0 && elapsedMs > 0 ? flops / elapsedMs / 1e6 : undefined;
}

export const sumOf = ({ phases }: WorkCost, what: 'dispatches' | 'submits') =>
  phases.reduce((sum, phase) => sum + phase[what], 0);

/** Dispatches of one decode step, if there was one. */
export function dispatchesPerDecodeStep({ phases }: WorkCost): number | undefined {
  const decode = phases.find(({ phase }) => phase === 'decode');
  return decode && decode.runs > 0 ? decode.dispatches / decode.runs : undefined;
}
