// What is kept of a GRPO run: its record, each step's metrics, and the answers of each step. Plain data.
import type { GuestError } from '../sandbox/sandbox';
import type { Difficulty } from '../tasks/task';
import type { GrpoConfig } from '../trainer/grpo/grpoConfig';
import type { DeviceStretch } from './devices';
import type { MadeElsewhere } from './elsewhere/madeElsewhere';

export const MAX_LABEL_LENGTH = 80;
export const MAX_NOTE_LENGTH = 4000;

export interface RunSettings {
  readonly task: string;
  readonly difficulty: Difficulty;
  /** Name of the preset the options started from. */
  readonly preset: string;
  readonly config: GrpoConfig;
  /** Held-out problems for eval/accuracy, and how often (in steps) it is measured; 0 never. */
  readonly evalProblems: number;
  readonly evalEvery: number;
  /** Steps between checkpoints. */
  readonly checkpointEvery: number;
}

export interface RunRecord {
  readonly id: string;
  /** Memorable: `calm-otter-7`. */
  readonly name: string;
  /** What its reader calls it, in the place of its name. */
  readonly label?: string;
  /** What its reader wrote beside it. */
  readonly note?: string;
  /** The code of its own reward came with a file, and nobody has let it run yet. */
  readonly codeWaits?: boolean;
  readonly createdAt: string;
  /**
   * Another program trained it. Its `settings` are then but a form to fill: what is known of them is in here, and nothing goes
   * on with it.
   */
  readonly madeElsewhere?: MadeElsewhere;
  /** The model that the line of runs began with. */
  readonly baseModel: string;
  /** The runs between that model and this run, oldest first. */
  readonly parents: readonly string[];
  readonly settings: RunSettings;
  /** What it was computed on; absent in records of an earlier version. */
  readonly devices?: readonly DeviceStretch[];
  readonly step: number;
  readonly status: 'running' | 'paused' | 'finished' | 'failed';
}

/** One step's metrics under TRL's names. A metric that was not measured on a step is absent. */
export interface StepMetrics {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Which part of the completion a token belongs to. Tags are `tag`. */
export type TokenPart = 'thinking' | 'answer' | 'tag' | 'outside';

export interface RolloutMember {
  /** Of an answer from elsewhere pieces of its text, whose logp is NaN. */
  readonly tokens: readonly { readonly text: string; readonly part: TokenPart; readonly logp: number }[];
  readonly answer: string | undefined;
  /** Unweighted scores by reward name; null where it does not apply. */
  readonly rewards: Readonly<Record<string, number | null>>;
  /** Weighted sum. NaN: not known. */
  readonly reward: number;
  /** NaN: not known. */
  readonly advantage: number;
  /** Why the reader's own reward gave no score. */
  readonly error?: GuestError;
  /** unknown: of an answer from elsewhere, of which the tokens are not known. */
  readonly stopReason: 'end' | 'length' | 'unknown';
}

export interface RolloutGroup {
  readonly step: number;
  /** Index within the step. */
  readonly index: number;
  readonly question: string;
  readonly gold: string;
  readonly rewardMean: number;
  readonly rewardStd: number;
  /** A reward failed on one of them, so none of them was learned from. */
  readonly isLeftOut?: boolean;
  readonly members: readonly RolloutMember[];
}

/** A step with its answers. */
export interface StepWithGroups {
  readonly metrics: StepMetrics;
  readonly groups: readonly RolloutGroup[];
}
