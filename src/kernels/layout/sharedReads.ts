// Variants that read what neighbouring invocations have in common by four of them, a part each, and tell it to the others
// of their subgroup.
import type { KernelSpec } from '../../device/dispatch';

/** Fewer rows, such as a short prompt's, are not worth the time of compiling much for them: a model should answer soon. */
const LEAST_ROWS = 32;

export const hasFewRows = (rows: number): boolean => rows < LEAST_ROWS;

/** The kernel for so many rows, with its variant where that pays. */
export function sharedReads(spec: KernelSpec, rows: number): KernelSpec {
  return hasFewRows(rows) ? spec : { ...spec, variant: 'subgroups' };
}
