import { describe, expect, it } from 'vitest';
import type { PhaseCost, WorkCost } from '../../protocol/protocol';
import { dispatchesPerDecodeStep, overallGflops, phaseRates, shareOutside } from './costs';

const phase = (given: Partial<PhaseCost>): PhaseCost => ({
  phase: 'decode',
  ms: 100,
  runs: 4,
  dispatches: 120,
  submits: 4,
  tokens: 50,
  flops: 2e9,
  ...given,
});
const cost = (...phases: PhaseCost[]): WorkCost => ({
  elapsedMs: 200,
  idleMs: 50,
  isByClock: false,
  phases,
  submitP99Ms: 1,
  submitMaxMs: 2,
});

describe('what work cost', () => {
  it('becomes rates of the time on the device', () => {
    expect(phaseRates(phase({}))).toEqual({ tokensPerSecond: 500, gflops: 20 });
    expect(phaseRates(phase({ tokens: 0, flops: 0 }))).toEqual({ tokensPerSecond: undefined, gflops: undefined });
    expect(overallGflops(cost(phase({})))).toBe(10);
    expect(dispatchesPerDecodeStep(cost(phase({})))).toBe(30);
  });

  it('has no rates where the time is not known', () => {
    expect(phaseRates(phase({ ms: undefined }))).toEqual({ tokensPerSecond: undefined, gflops: undefined });
    expect(shareOutside(cost())).toBe(0.25);
  });
});
