// How many invocations share a row in the kernels that reduce one (shaders/lib/reduce.wgsl).
import type { Dispatch, KernelSpec } from '../../device/dispatch';
import { grid } from './grid';

/** Invocations of a workgroup that is not one team's (shaders/lib/reduce.wgsl). */
const WORKGROUP = 64;

/** When rows are shared. */
export interface TeamRule {
  readonly members: 64 | 256;
  /**
   * Narrower rows are one invocation's: a model so narrow has more rows than a device has lanes, and software devices wait long
   * at barriers.
   */
  readonly minWidth: number;
}

const ROW_TEAM: TeamRule = { members: 64, minWidth: 256 };

/** The kernel for rows of `width` numbers, and its workgroups. What a row gives depends on its width alone, not on the rows beside it. */
export function teamKernel(
  spec: KernelSpec,
  rows: number,
  width: number,
  { members, minWidth }: TeamRule = ROW_TEAM,
): Pick<Dispatch<never>, 'kernel' | 'workgroups'> {
  const isShared = width >= minWidth;
  const team = isShared ? members : 1;
  return {
    kernel: {
      ...spec,
      constants: { ...spec.constants, TEAM: team },
      conditions: { ...spec.conditions, team: isShared },
      ...(isShared && { twin: 'subgroups' }),
    },
    workgroups: grid(rows * Math.min(team, WORKGROUP)),
  };
}
