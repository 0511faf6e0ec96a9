// Memory of a thread's own, in which an operation may lay out what it needs for one unit. What is there before means nothing.

/** In bytes. */
export const SCRATCH_BYTES: usize = 262144;

let start: usize = 0;

// @ts-ignore: decorator
@inline
export function scratch(): usize {
  return start;
}

/** Called once for each thread, whose instance this is. */
export function setScratch(at: usize): void {
  start = at;
}
