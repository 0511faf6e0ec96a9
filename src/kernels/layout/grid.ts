// Sizes of dispatches.

/** Width of the workgroups of kernels with one invocation an item (shaders/lib/index.wgsl). */
const WORKGROUP_SIZE = 64;
const MAX_WORKGROUPS_X = 32768;

/** Workgroups of `size` for `items` invocations, spread over y when x alone cannot hold them. */
export function grid(items: number, size = WORKGROUP_SIZE): [number, number, number] {
  const groups = Math.max(1, Math.ceil(items / size));
  const y = Math.ceil(groups / MAX_WORKGROUPS_X);
  return [Math.ceil(groups / y), y, 1];
}
