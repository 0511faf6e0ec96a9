// When a run's state is saved.

/**
 * Whether it is due after a step: every so many steps, and the first times early, after steps 1, 2, 4, 8, …, so that a
 * run that ends soon loses at most half of what it did. Never for `every` 0. @param savedStep of the last save, if there is one.
 */
export function isSaveDue(step: number, savedStep: number | undefined, every: number): boolean {
  if (every === 0 || step === savedStep) return false;
  return step % every === 0 || step >= Math.max(1, 2 * (savedStep ?? 0));
}
