// What the engine tells of itself.
import type { DescribedError } from '../lib/errors';
import type { RolloutGroup, RunRecord, StepMetrics } from '../runs/run';
import type { MeasuredCell } from '../tasks/knowledgeMap';
import type { Ailing } from '../trainer/health';
import type { AnswerSummary, AskSummary, ExpertLoad, StreamedToken } from './asking';
import type { DeviceInfo, MeasuredWay, WorkCost } from './device';
import type { CurriculumEvent, GridEvent, PieceEvent } from './laboratory';
import type { ScalingMeasure } from './measuring';
import type { ModelInfo } from './models';
import type { PipelineProgress, PipelineRun, Written } from './pipelines';
import type { RunActivity } from './runs';

export type EngineEvent =
  | {
      readonly type: 'modelLoadProgressed';
      readonly stage: 'download' | 'check' | 'upload' | 'compile';
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'modelLoaded'; readonly model: ModelInfo }
  | { readonly type: 'askStarted'; readonly askId: number; readonly numPromptTokens: number }
  | {
      readonly type: 'tokensStreamed';
      readonly askId: number;
      /** Which of the answers. */
      readonly sample: number;
      readonly tokens: readonly StreamedToken[];
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'answerEnded';
      readonly askId: number;
      readonly sample: number;
      readonly summary: AnswerSummary;
    }
  | {
      readonly type: 'askFinished';
      readonly askId: number;
      readonly summary: AskSummary;
      readonly expertLoad: readonly ExpertLoad[];
    }
  | { readonly type: 'askFailed'; readonly askId: number; readonly error: DescribedError }
  | { readonly type: 'runChanged'; readonly run: RunRecord }
  | {
      readonly type: 'phaseChanged';
      readonly runId: string;
      readonly phase: RunActivity;
      readonly done: number;
      readonly total: number;
    }
  /** Of `beforeAfter`: answers of both models. It is no phase of the run, which may rest meanwhile or train on. */
  | {
      readonly type: 'comparisonProgressed';
      readonly runId: string;
      readonly done: number;
      readonly total: number;
    }
  | {
      readonly type: 'stepFinished';
      readonly runId: string;
      readonly step: StepMetrics;
      readonly groups: readonly RolloutGroup[];
      readonly expertLoad: readonly ExpertLoad[];
    }
  /**
   * What is wrong with a step's weights, since when, and after how many more steps like it the run stops; undefined:
   * nothing is.
   */
  | { readonly type: 'runAiled'; readonly runId: string; readonly ailing: Ailing | undefined }
  /** Whatever is wrong, the run can be opened again at its last whole checkpoint, that of `keptStep`, if there is one. */
  | {
      readonly type: 'runFailed';
      readonly runId: string;
      readonly error: DescribedError;
      readonly keptStep?: number | undefined;
    }
  /** The one before it is kept, too, or while an alarm sounds one from before that: that of `olderStep`. */
  | {
      readonly type: 'checkpointSaved';
      readonly runId: string;
      readonly step: number;
      readonly olderStep?: number | undefined;
    }
  /** The disk is full: the run goes on in memory, and what was saved before stays. */
  | { readonly type: 'saveFailed'; readonly runId: string; readonly error: DescribedError }
  /** It was begun, stopped, finished or failed, or another checkpoint of it is done. */
  | { readonly type: 'pipelineChanged'; readonly run: PipelineRun }
  | { readonly type: 'pipelineProgressed'; readonly pipeline: string; readonly progress: PipelineProgress }
  /** A step of a stage that has metrics to tell. */
  | { readonly type: 'stageStepped'; readonly pipeline: string; readonly stage: string; readonly step: StepMetrics }
  /** What the model of a stage writes by now, where the pipeline asks for that. */
  | { readonly type: 'answerWritten'; readonly pipeline: string; readonly stage: string; readonly written: Written }
  /** What the last answer or training step cost. */
  | { readonly type: 'workMeasured'; readonly work: 'ask' | 'step'; readonly cost: WorkCost }
  | { readonly type: 'wayMeasured'; readonly measured: MeasuredWay }
  | { readonly type: 'scalingProgressed'; readonly done: number; readonly total: number }
  | {
      readonly type: 'scalingMeasured';
      /** Place in the request. */
      readonly model: number;
      readonly measure: ScalingMeasure;
    }
  | { readonly type: 'scalingEnded'; readonly isStopped: boolean }
  | { readonly type: 'scalingFailed'; readonly error: DescribedError }
  /** A cell of the map of what a model knows; the model by its weights. */
  | {
      readonly type: 'knowledgeMeasured';
      readonly model: string;
      readonly cell: MeasuredCell;
      readonly measuredAt: string;
    }
  | { readonly type: 'knowledgeEnded'; readonly model: string; readonly isStopped: boolean }
  | { readonly type: 'knowledgeFailed'; readonly error: DescribedError }
  | PieceEvent
  | GridEvent
  | CurriculumEvent
  /** It computes on another device from now on. */
  | { readonly type: 'deviceChanged'; readonly device: DeviceInfo }
  | { readonly type: 'deviceLost'; readonly error: DescribedError };
