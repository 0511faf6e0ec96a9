// A stage under way, whatever its kind: steps, a state to resume from, and what it makes.
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { Difficulty, Task } from '../../tasks/task';
import type { HealthWatch } from '../health';
import type { RejectionReport, TracedPair } from '../rejection';
import type { SftPair } from '../sft';

/** What a stage remembers beside its model's weights. */
export interface StageMemory {
  /** Plain JSON. */
  readonly meta: unknown;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

export interface StageRun {
  readonly step: number;
  readonly total: number;
  /** Tokens sampled or trained on so far. */
  readonly tokens: number;
  /** What its steps tell of the weights, where it trains some. */
  readonly health?: HealthWatch;
  /** Takes one step; its metrics, where it is one to tell of. */
  run(): Promise<Record<string, number> | undefined>;
  remember(): Promise<StageMemory>;
  /** Goes back to what was remembered; the weights are restored by the caller. */
  restore(memory: StageMemory): void;
  /** The set it makes, if it makes one. */
  readonly set?: { readonly pairs: readonly TracedPair[]; readonly report: RejectionReport };
  destroy(): Promise<void>;
}

/** What a stage is opened with. */
export interface StageContext {
  readonly runtime: Runtime;
  /** Loaded to be trained where the stage trains it. */
  readonly model: LanguageModel;
  readonly teacher: LanguageModel | undefined;
  readonly task: Task;
  readonly difficulty: Difficulty;
  readonly seed: number;
  pairsOf(set: string): readonly SftPair[];
}
