// Floating-point operations of work that was timed phase by phase, as docs/benchmarks.md counts them.
import type { PhaseReading } from '../device/webgpu/phaseClock';

/** Operations for each weight that a token passes through; none in a phase that is not listed. */
const OPERATIONS_PER_WEIGHT: Readonly<Record<string, number>> = { prefill: 2, decode: 2, scoring: 2, update: 6 };

/** @param active parameters that a token passes through. */
export function phaseOperations({ phase, tokens }: PhaseReading, active: number): number {
  return tokens * active * (OPERATIONS_PER_WEIGHT[phase] ?? 0);
}
