// How many invocations share a row in the kernels that reduce one (shaders/lib/reduce.wgsl).
import type { Dispatch, KernelSpec } from '../gpu/kernel';
import { grid } from './grid';

/** Rows shorter than this are one invocation's: a model this narrow has more rows than lanes, and software devices wait long at barriers. */
const MIN_SHARED_WIDTH = 256;
const TEAM = 64;

/** The kernel for rows of `width` numbers, and its workgroups. What a row gives depends on its width alone, not on the rows beside it. */
export function teamKernel(
  spec: KernelSpec,
  rows: number,
  width: number,
): Pick<Dispatch<never>, 'kernel' | 'workgroups'> {
  const isShared = width >= MIN_SHARED_WIDTH;
  const team = isShared ? TEAM : 1;
  return {
    kernel: {
      ...spec,
      constants: { ...spec.constants, TEAM: team },
      conditions: { ...spec.conditions, team: isShared },
      ...(isShared && { twin: 'subgroups' }),
    },
    workgroups: grid(rows * team),
  };
}
