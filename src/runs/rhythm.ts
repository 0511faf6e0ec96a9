// When a training is evaluated, saved and told of.

export interface Rhythm {
  /** Steps between two evaluations; 0: none but at the ends where these are wanted. */
  readonly evalEvery: number;
  /** Whether the model is evaluated before the first step, so that the curve starts where learning starts. */
  readonly evaluatesStart: boolean;
  /** Whether it is evaluated after the last step. */
  readonly evaluatesEnd: boolean;
  /** Steps between two saves; 0: only when it is paused, before an evaluation at the end and after the last step. */
  readonly saveEvery: number;
  /** Steps between two whose metrics are told. */
  readonly tellEvery: number;
}

/**
 * Whether a save is due after a step: every so many steps, and the first times early, after steps 1, 2, 4, 8, …, so that
 * a run that ends soon loses at most half of what it did. Never for `every` 0. @param savedStep of the last save, if
 * there is one.
 */
export function isSaveDue(step: number, savedStep: number | undefined, every: number): boolean {
  if (every === 0 || step === savedStep) return false;
  return step % every === 0 || step >= Math.max(1, 2 * (savedStep ?? 0));
}

/** Whether an evaluation is due after a step. @param isLast no step comes after it. */
export function isEvaluationDue(
  { evalEvery, evaluatesStart, evaluatesEnd }: Rhythm,
  step: number,
  isLast: boolean,
): boolean {
  if (isLast) return evaluatesEnd;
  return step === 0 ? evaluatesStart : evalEvery > 0 && step % evalEvery === 0;
}
