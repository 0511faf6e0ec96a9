// What the engine can do, told once at the start.
import { type ProblemSet, taskOfSet } from '../tasks/own/problemSet';
import type { Dial, Task } from '../tasks/task';
import type { GrpoOptions } from '../trainer/grpo/grpoConfig';
import type { DeviceInfo } from './device';
import type { ShippedModel } from './models';
import type { PipelineInfo } from './pipelines';

export interface TaskInfo {
  readonly name: string;
  readonly dials: readonly Dial[];
  readonly examples: readonly string[];
  /** What the reader calls it, where its problems are their own. */
  readonly ownName?: string;
  /** Its answers are moves, so that a game can be played on from them. */
  readonly isGame?: true;
}

export const taskInfo = ({ name, dials, examples, game }: Task): TaskInfo => ({
  name,
  dials: dials.filter((dial) => !dial.isFine),
  examples,
  ...(game && { isGame: true }),
});

export const ownTaskInfo = (set: ProblemSet): TaskInfo => ({ ...taskInfo(taskOfSet(set)), ownName: set.name });

/** A preset: its name, what it changes, and the options in which it differs from TRL's defaults. */
export interface PresetInfo {
  readonly name: string;
  /** One sentence, in English. */
  readonly summary: string;
  readonly options: GrpoOptions;
}

export interface RewardInfo {
  readonly name: string;
  /** It is for tasks that are games, for runs that have a reward model, or that write their problems, and no others. */
  readonly needs?: 'game' | 'reward model' | 'proposals';
}

/** What is still there when the page is opened again; what is not is kept in memory meanwhile. */
export interface Kept {
  /** Runs, their steps and answers, and pipelines. */
  readonly records: boolean;
  /** The weights, from which a run can be gone on with. */
  readonly checkpoints: boolean;
}

/** What the engine can do, told once at the start. */
export interface Catalogue {
  readonly kept: Kept;
  readonly device: DeviceInfo;
  readonly tasks: readonly TaskInfo[];
  readonly presets: readonly PresetInfo[];
  readonly rewards: readonly RewardInfo[];
  /** The first is what a run starts from. */
  readonly models: readonly ShippedModel[];
  /** Each in its full and its mini form. */
  readonly pipelines: readonly { readonly full: PipelineInfo; readonly mini: PipelineInfo }[];
}
