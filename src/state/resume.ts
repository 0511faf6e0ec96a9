// From where a stored run would go on, and what of it would be trained again. Pure.
import type { StoredRun } from '../protocol/protocol';

export interface ResumePoint {
  /** The step it had come to. */
  readonly step: number;
  /** The step of its newest checkpoint. */
  readonly savedStep: number;
}

/**
 * Where a run that did not end can be gone on with: paused, interrupted or failed, or finished with steps that were never saved.
 * undefined for one that ended, one that has learned nothing yet, one without a checkpoint, and one that another tab has.
 */
export function resumePointOf({ step, status, savedStep, isElsewhere }: StoredRun): ResumePoint | undefined {
  if (isElsewhere || step === 0 || savedStep === undefined) return undefined;
  return status !== 'finished' || savedStep < step ? { step, savedStep } : undefined;
}
