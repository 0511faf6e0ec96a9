// How many invocations share a row in the kernels that reduce one (shaders/lib/reduce.wgsl).
import type { Dispatch, KernelSpec } from '../../device/dispatch';
import { grid } from './grid';

/** Invocations of a workgroup that has several rows (shaders/lib/reduce.wgsl). */
const WORKGROUP = 64;

/** When rows are shared. */
export interface RowReductionRule {
  readonly threads: 64 | 256;
  /**
   * Narrower rows are one invocation's: a model so narrow has more rows than a device has lanes, and software devices wait long
   * at barriers.
   */
  readonly minWidth: number;
}

const ROW_REDUCTION: RowReductionRule = { threads: 64, minWidth: 256 };

/**
 * The kernel for rows of `width` numbers, and its workgroups. What a row gives depends on its width alone, not on the
 * rows beside it.
 */
export function rowReductionKernel(
  spec: KernelSpec,
  rows: number,
  width: number,
  rule = ROW_REDUCTION,
): Pick<Dispatch<never>, 'kernel' | 'workgroups'> {
  const isShared = width >= rule.minWidth;
  const threads = isShared ? rule.threads : 1;
  return {
    kernel: {
      ...spec,
      constants: { ...spec.constants, ROW_THREADS: threads },
      conditions: { ...spec.conditions, shared_row: isShared },
      ...(isShared && { variant: 'subgroups' }),
    },
    workgroups: grid(rows * Math.min(threads, WORKGROUP)),
  };
}
