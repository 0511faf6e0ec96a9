// What the page and the engine say to each other: plain data only. Commands are awaited calls (Comlink) on `EngineApi`;
// events come back in one batched callback, at most 30 times a second.

import type { AskApi } from './protocol/asking';
import type { Catalogue } from './protocol/catalogue';
import type { DeviceApi } from './protocol/device';
import type { EngineEvent } from './protocol/events';
import type { MeasureApi } from './protocol/measuring';
import type { ModelApi } from './protocol/models';
import type { PipelineApi } from './protocol/pipelines';
import type { Result } from './protocol/result';
import type { RunApi } from './protocol/runs';

export type { Choice as EngineChoice } from '../device/choices';
export type { Forced, ThinkingControl } from '../engine/thinkingControl';
export type { FolderNotice } from '../formats/huggingface/folder';
export type { DescribedError } from '../lib/errors';
export type { StageKind } from '../runs/pipeline';
export type { Done } from '../runs/record';
export type { RolloutGroup, RolloutMember, RunRecord, RunSettings, StepMetrics, TokenPart } from '../runs/run';
export type { Verdict } from '../tasks/task';
export type { GrpoConfig } from '../trainer/grpoConfig';
export type { Ailing } from '../trainer/health';
export type {
  AnswerSummary,
  AskRequest,
  AskSummary,
  ExpertLoad,
  LayerChoices,
  StreamedToken,
} from './protocol/asking';
export type { Catalogue, Kept, PresetInfo } from './protocol/catalogue';
export type {
  DeviceFeature,
  DeviceInfo,
  DeviceReport,
  KernelCost,
  PhaseCost,
  ProgramProfile,
  WorkCost,
} from './protocol/device';
export type { EngineEvent } from './protocol/events';
export type {
  BeforeAfter,
  BeforeAfterPair,
  ComparedAnswer,
  MeasuredModel,
  ScalingMeasure,
  ScalingRequest,
} from './protocol/measuring';
export type { ModelInfo, ModelSource, ShippedModel } from './protocol/models';
export type { PipelineInfo, PipelineProgress, PipelineRun, StageInfo } from './protocol/pipelines';
export type { Result } from './protocol/result';
export type { OpenedRun, RunActivity, StartTrial, StoredRun } from './protocol/runs';

/**
 * The engine, as the page calls it. One ask, one run or one pipeline computes at a time; an ask meanwhile waits for the step's
 * end.
 */
export interface EngineApi extends DeviceApi, ModelApi, AskApi, RunApi, MeasureApi, PipelineApi {
  /** Finds a device. Fails, with a remedy for this browser, where there is none. */
  open(onEvents: (batch: readonly EngineEvent[]) => void): Promise<Result<Catalogue>>;
}
