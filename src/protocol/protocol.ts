// What the page and the engine say to each other: plain data only. Commands are awaited calls (Comlink) on `EngineApi`;
// events come back in one batched callback, at most 30 times a second.

import type { DeviceWish } from '../device/chooseDevice';
import type { AskApi } from './asking';
import type { Catalogue } from './catalogue';
import type { DeviceApi } from './device';
import type { EngineEvent } from './events';
import type { JobApi } from './jobs';
import type { KnowledgeApi } from './knowing';
import type { LabApi } from './laboratory';
import type { MeasureApi } from './measuring';
import type { ModelApi } from './models';
import type { PipelineApi } from './pipelines';
import type { ProblemApi } from './problems';
import type { Result } from './result';
import type { RunApi } from './runs';

export type { Choice as EngineChoice } from '../device/choices';
export type { DeviceReason, DeviceWish } from '../device/chooseDevice';
export type { Forced, ThinkingControl } from '../engine/thinkingControl';
export type { FolderNotice } from '../formats/huggingface/folder';
export type { DescribedError } from '../lib/errors';
export type { MadeElsewhere } from '../runs/elsewhere/madeElsewhere';
export type { StageKind } from '../runs/pipeline';
export type { Done, Written } from '../runs/pipelineRecord';
export type { RolloutGroup, RolloutMember, RunRecord, RunSettings, StepMetrics, TokenPart } from '../runs/run';
export type { KnowledgeMap } from '../tasks/knowledgeMap';
export type { Verdict } from '../tasks/task';
export type { GrpoConfig } from '../trainer/grpo/grpoConfig';
export type { Ailing } from '../trainer/health';
export type {
  AnswerSummary,
  AskRequest,
  AskSummary,
  AttentionOfLayer,
  ExpertLoad,
  LayerChoices,
  StreamedToken,
  TokenAlternative,
  TokenAttention,
} from './asking';
export type { Catalogue, Kept, PresetInfo } from './catalogue';
export type {
  DeviceFeature,
  DeviceInfo,
  DeviceReport,
  KernelCost,
  MeasuredWay,
  PhaseCost,
  ProgramProfile,
  WayFault,
  WorkCost,
} from './device';
export type { EngineEvent } from './events';
export type {
  BeforeAfter,
  BeforeAfterPair,
  ComparedAnswer,
  MeasuredModel,
  ScalingMeasure,
  ScalingRequest,
} from './measuring';
export type { ModelInfo, ModelSource, ShippedModel } from './models';
export type { PipelineInfo, PipelineProgress, PipelineRun, StageInfo } from './pipelines';
export type { Result } from './result';
export type { AnswerReading, ChosenFile, OpenedRun, RunActivity, StartTrial, StoredRun } from './runs';

/**
 * The engine, as the page calls it. One ask, one run or one pipeline computes at a time; an ask meanwhile waits for the step's
 * end.
 */
export interface EngineApi
  extends DeviceApi,
    ModelApi,
    AskApi,
    RunApi,
    MeasureApi,
    KnowledgeApi,
    PipelineApi,
    ProblemApi,
    JobApi,
    LabApi {
  /** Opens a device. Fails, with a remedy for this browser, where there is none. */
  open(onEvents: (batch: readonly EngineEvent[]) => void, wish: DeviceWish): Promise<Result<Catalogue>>;
}
