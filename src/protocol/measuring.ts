// Models measured on held-out problems: before and after a run, and test-time scaling.
import type { ThinkingControl } from '../engine/thinkingControl';
import type { Interval } from '../lib/wilson';
import type { Difficulty } from '../tasks/task';
import type { ScalingPoint } from '../tasks/votes';
import type { ModelSource } from './models';
import type { Result } from './result';

/** One model's answer to a problem that another model answered too. */
export interface ComparedAnswer {
  readonly text: string;
  readonly answer: string | undefined;
  readonly correct: boolean;
  readonly thinkingTokens?: number;
  /** The token at the first difference; empty where the text has ended. */
  readonly differing?: string;
}

/** One held-out problem answered by the model before training and by the model now, with the same seed. */
export interface BeforeAfterPair {
  readonly question: string;
  readonly gold: string;
  /** How hard it is, as its task grades it. */
  readonly grade?: number;
  readonly before: ComparedAnswer;
  readonly after: ComparedAnswer;
  /** Where in the texts the first token stands that differs; -1 if they are equal. */
  readonly firstDifference: number;
}

export interface BeforeAfter {
  /** What the task grades its problems by, e.g. `terms`. */
  readonly gradedBy?: string;
  readonly accuracyBefore: number;
  readonly accuracyAfter: number;
  readonly thinkingTokensBefore: number;
  readonly thinkingTokensAfter: number;
  readonly pairs: readonly BeforeAfterPair[];
}

/** A model to be measured: the loaded one as it is now, one shipped with the page, or a stored run's after it or before it. */
export type MeasuredModel =
  | { readonly kind: 'loaded' }
  | Extract<ModelSource, { kind: 'shipped' | 'kept' | 'run' }>
  | { readonly kind: 'beforeRun'; readonly runId: string };

export interface ScalingRequest {
  /** Measured one after the other on the same problems with the same seeds. */
  readonly models: readonly MeasuredModel[];
  readonly task: string;
  readonly difficulty: Difficulty;
  /** Held-out problems. */
  readonly numProblems: number;
  /** Answers to each problem. */
  readonly samples: number;
  /** Each is measured on its own, after the thinking that is left alone. */
  readonly controls: readonly ThinkingControl[];
  readonly temperature: number;
  /** null: the longest that one of the models gives by its own generation_config.json. */
  readonly maxTokens: number | null;
  readonly seed: number;
}

/** What a model does under one control of its thinking. */
export interface ScalingMeasure {
  /** Absent: it thinks as it likes. */
  readonly control?: ThinkingControl;
  readonly accuracy: number;
  /** 95 %, over the problems. */
  readonly accuracyInterval: Interval;
  readonly meanThinkingTokens: number;
  /** pass@k and maj@k. */
  readonly votes: readonly ScalingPoint[];
}

export interface MeasureApi {
  /**
   * The model before the run beside the model now, on held-out problems; null if it was stopped, or the run was left,
   * meanwhile.
   */
  beforeAfter(numProblems: number, seed: number): Promise<Result<BeforeAfter | null>>;
  /** Ends the comparison before its next batch. */
  stopBeforeAfter(): Promise<void>;
  /**
   * Starts measuring copies of models, so that asking and training go on between its batches; what is measured comes as
   * events. Resolves at once; one measurement at a time.
   */
  measureScaling(request: ScalingRequest): Promise<Result<null>>;
  /** Ends the measurement before its next batch; what was measured stays. */
  stopScaling(): Promise<void>;
}
