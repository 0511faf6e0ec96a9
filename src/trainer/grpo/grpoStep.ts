// What one GRPO step finds out.
import type { SampleScore } from '../../rewards/registry';
import type { Problem } from '../../tasks/task';
import type { JudgedAnswer } from '../evaluation/evaluate';
import type { WorkReading } from '../phases';

export type GrpoPhase = 'sampling' | 'scoring' | 'updating';

/** Told what a step does now, and how far it is. */
export type OnGrpoPhase = (phase: GrpoPhase, done: number, total: number) => void;

/** One rollout with all that was found out about it. */
export interface GroupMember {
  readonly answer: JudgedAnswer;
  readonly score: SampleScore;
  readonly advantage: number;
}

export interface Group {
  readonly problem: Problem;
  /** NaN where no reward applies, or the group is left out. */
  readonly rewardMean: number;
  readonly rewardStd: number;
  /** A reward failed on one of them, so none of them is learned from. */
  readonly isLeftOut: boolean;
  readonly members: readonly GroupMember[];
}

/** A problem that the model wrote, and the share of its own answers to it that are right. */
export interface AskedProblem {
  readonly question: string;
  readonly size: number;
  readonly share: number;
  /** Whether it is learned from. */
  readonly isLearnable: boolean;
}

export interface GrpoStep {
  /** Counted from 1. */
  readonly step: number;
  /** Under TRL's names. */
  readonly metrics: Record<string, number>;
  readonly groups: readonly Group[];
  /** Where the model writes its problems: all that it answered, those that nothing is learned from, too. */
  readonly asked?: readonly AskedProblem[];
  readonly loads: readonly { readonly layer: number; readonly counts: readonly number[] }[];
  /** What it cost on the device. */
  readonly work: WorkReading;
}
