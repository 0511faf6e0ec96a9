// What the page and the engine say to each other: plain data only. Commands are awaited calls (Comlink) on `EngineApi`;
// events come back in one batched callback, at most 30 times a second.

import type { Choice as EngineChoice } from '../device/choices';
import type { Forced, ThinkingControl } from '../engine/thinkingControl';
import type { FolderNotice } from '../formats/huggingface/folder';
import type { DescribedError } from '../lib/errors';
import type { Interval } from '../lib/wilson';
import type { StageKind } from '../runs/pipeline';
import type { Done } from '../runs/record';
import type { RolloutGroup, RolloutMember, RunRecord, RunSettings, StepMetrics, TokenPart } from '../runs/run';
import type { Dial, Difficulty, Verdict } from '../tasks/task';
import type { GrpoConfig, GrpoOptions } from '../trainer/grpoConfig';
import type { Ailing } from '../trainer/health';
import type { ScalingPoint } from '../trainer/votes';

export type {
  Ailing,
  DescribedError,
  Dial,
  Difficulty,
  Done,
  EngineChoice,
  FolderNotice,
  Forced,
  GrpoConfig,
  GrpoOptions,
  RolloutGroup,
  RolloutMember,
  RunRecord,
  RunSettings,
  ScalingPoint,
  StageKind,
  StepMetrics,
  ThinkingControl,
  TokenPart,
  Verdict,
};

/** Every command answers with this; the engine never rejects for a reason a person should read. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: DescribedError };

export interface DeviceInfo {
  /** E.g. `apple / metal-3`, `google / swiftshader`. */
  readonly name: string;
  readonly isSoftware: boolean;
}

export interface DeviceFeature {
  /** WebGPU's name of it. */
  readonly name: string;
  /** `used`: something the engine runs here makes use of it; `offered`: nothing does yet. */
  readonly status: 'used' | 'offered' | 'missing';
}

/** Bytes on the device, by the engine's own accounting. */
export interface DeviceMemory {
  readonly heldBytes: number;
  readonly peakBytes: number;
  /** What was planned before anything was allocated; absent where nothing was planned. */
  readonly plannedBytes?: number;
}

/** The device as the engine finds it now. */
export interface DeviceReport {
  readonly features: readonly DeviceFeature[];
  /** By WebGPU's names. */
  readonly limits: Readonly<Record<string, number>>;
  readonly choices: readonly EngineChoice[];
  readonly memory: DeviceMemory;
}

/** What one phase of an answer or a training step cost. */
export interface PhaseCost {
  /** `prefill`, `decode`, `scoring`, `update`, `optimizer` or `other`. */
  readonly phase: string;
  /** Time of its programs on the device, where it is known; of decode steps one in eight stands for the others. */
  readonly ms: number | undefined;
  /** Programs run: decode steps, batches of the update. */
  readonly runs: number;
  readonly dispatches: number;
  readonly submits: number;
  readonly tokens: number;
  /** Two for each weight that a token passed through, six where it was trained. */
  readonly flops: number;
}

/** What an answer or a training step cost. */
export interface WorkCost {
  /** By the clock, phases and what lies between them. */
  readonly elapsedMs: number;
  /** Of it, nothing was under way on the device. */
  readonly idleMs: number;
  /** The device has no timestamps: phases are timed by the clock, from submit to submit. */
  readonly isByClock: boolean;
  readonly phases: readonly PhaseCost[];
  /** How long a call of `queue.submit` held the engine's thread: 99th percentile and longest. */
  readonly submitP99Ms: number;
  readonly submitMaxMs: number;
}

export interface KernelCost {
  /** `Owner.thing`. */
  readonly kernel: string;
  readonly ms: number;
  /** Dispatches of it. */
  readonly count: number;
}

/** Device time of one run of a program, kernel by kernel, dearest first. */
export interface ProgramProfile {
  readonly program: 'decodeOne' | 'decodeMany' | 'update';
  /** Rollouts of a decode step, tokens of a batch of the update. */
  readonly size: number;
  readonly kernels: readonly KernelCost[];
}

export interface TaskInfo {
  readonly name: string;
  readonly dials: readonly Dial[];
  readonly examples: readonly string[];
}

/** A preset: its name, what it changes, and the options in which it differs from TRL's defaults. */
export interface PresetInfo {
  readonly name: string;
  /** One sentence, in English. */
  readonly summary: string;
  readonly options: GrpoOptions;
}

export interface ShippedModel {
  /** Folder under models/. */
  readonly id: string;
  readonly sizeBytes: number;
  /** The one to look at first. */
  readonly isShownFirst: boolean;
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
  readonly rewards: readonly string[];
  /** The first is what a run starts from. */
  readonly models: readonly ShippedModel[];
  /** Each in its full and its mini form. */
  readonly pipelines: readonly { readonly full: PipelineInfo; readonly mini: PipelineInfo }[];
}

export interface ModelInfo {
  /** E.g. `base`, `base · calm-otter-7`. */
  readonly name: string;
  /** The model that its line began with: its own name, if no run trained it here. */
  readonly baseModel: string;
  /** The runs that trained it here since it was loaded, oldest first. */
  readonly runs: readonly string[];
  /** What its config.json says, as the engine reads it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How many experts its layers have, and how many of them a token goes to; undefined: every layer is dense. */
  readonly experts: { readonly numExperts: number; readonly topK: number } | undefined;
  /** How it answers unless told otherwise: its generation_config.json. */
  readonly generation: {
    readonly temperature: number;
    readonly topP: number;
    readonly topK: number;
    readonly maxNewTokens: number;
  };
  /** The longest answer in tokens that there is room for: to a question on Ask, and in training. */
  readonly room: { readonly answer: number; readonly completion: number };
  readonly numParameters: number;
  /** Parameters that one token passes through. */
  readonly numActiveParameters: number;
  readonly sizeBytes: number;
  /** Bytes the engine holds on the device now, by its own accounting, and the most it has held. */
  readonly gpuBytes: number;
  readonly gpuPeakBytes: number;
  /** Model card as Markdown, if there is one. */
  readonly readme: string | undefined;
  /** What a person should know of how its folder was read. */
  readonly notices: readonly FolderNotice[];
}

/** Tokens sent to each expert, per MoE layer: load[i].counts has one number an expert. */
export interface ExpertLoad {
  readonly layer: number;
  readonly counts: readonly number[];
}

/** What the router of one MoE layer chose for the tokens of an answer. The shared experts see every token. */
export interface LayerChoices {
  readonly layer: number;
  readonly numExperts: number;
  /** By token: its routed experts, best first, and what each counts for. */
  readonly tokens: readonly (readonly { readonly expert: number; readonly weight: number }[])[];
}

// ---- Ask ----------------------------------------------------------------------------------------------------------

export interface AskRequest {
  readonly question: string;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly seed: number;
  readonly maxTokens: number;
  /** Answers drawn at once, each as it would be drawn alone. */
  readonly samples: number;
  /** null: the model thinks as it likes. */
  readonly thinking: ThinkingControl | null;
}

export interface TokenAlternative {
  readonly text: string;
  readonly probability: number;
}

export interface StreamedToken {
  readonly id: number;
  readonly text: string;
  readonly part: TokenPart;
  /** Probability with which the token was drawn, at the temperature used. */
  readonly probability: number;
  readonly entropy: number;
  /** The likeliest tokens at this place, likeliest first, the drawn one among them if likely enough. */
  readonly alternatives: readonly TokenAlternative[];
  /** Why it is there though the model did not draw it; absent from a token that it drew. */
  readonly forced?: Forced;
}

/** One answer, when it has ended. */
export interface AnswerSummary {
  readonly completionText: string;
  readonly thinking: string | undefined;
  readonly answer: string | undefined;
  readonly stopReason: 'end' | 'length' | 'stopped';
  /** undefined when the question is of no known task, so nothing can check it. */
  readonly verdict: Verdict | undefined;
  readonly numThinkingTokens: number;
  readonly numTokens: number;
  readonly thinkingMs: number;
}

export interface Throughput {
  readonly tokens: number;
  readonly ms: number;
}

/** All answers together. What the model reads again to go on from forced tokens counts for the prefill. */
export interface AskSummary {
  readonly prefill: Throughput;
  readonly decode: Throughput;
}

// ---- Train --------------------------------------------------------------------------------------------------------

/** What a run does while its record says `running`; how it rests is said by its record alone. */
export type RunActivity = 'sampling' | 'scoring' | 'updating' | 'evaluating' | 'saving';

/** A run of this browser, as the list of runs has it. */
export interface StoredRun extends RunRecord {
  /** Another tab has it, so here it can only be looked at. */
  readonly isElsewhere: boolean;
  /** Step of its newest checkpoint, from which it would go on. Absent where there is none, or another tab has it. */
  readonly savedStep?: number;
}

/** What became of a few held-out problems before a run. */
export interface StartTrial {
  readonly problems: number;
  readonly right: number;
}

export interface OpenedRun {
  readonly run: RunRecord;
  readonly steps: readonly StepMetrics[];
  /** Another tab has it: it was read, not opened, and the loaded model stays. */
  readonly isElsewhere: boolean;
}

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

// ---- Test-time scaling --------------------------------------------------------------------------------------------

/** A model to be measured: the loaded one as it is now, one shipped with the page, or a stored run's after it or before it. */
export type MeasuredModel =
  | { readonly kind: 'loaded' }
  | Extract<ModelSource, { kind: 'shipped' | 'run' }>
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

// ---- Pipelines ----------------------------------------------------------------------------------------------------

/** A stage: what it makes, how and from what. */
export interface StageInfo {
  /** Its own, and that of the checkpoint or the set it makes. */
  readonly name: string;
  readonly kind: StageKind;
  /** One sentence, in English. */
  readonly summary: string;
  /** What it is made from: first the model it starts from, if there is one. */
  readonly needs: readonly string[];
  /** Whatever else is set, as a pipeline's file has it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface PipelineInfo {
  readonly name: string;
  /** One sentence, in English. */
  readonly summary: string;
  readonly task: string;
  /** Names of the shipped models it starts from. */
  readonly inputs: readonly string[];
  /** How its checkpoints are measured on held-out problems. */
  readonly evaluation: { readonly problems: number; readonly temperature: number };
  readonly stages: readonly StageInfo[];
}

/** A pipeline that was begun in this browser, or read from a file: one of each name. */
export interface PipelineRun {
  readonly pipeline: PipelineInfo;
  /** Inputs that were measured, then stages that are done, in the pipeline's order. */
  readonly done: readonly Done[];
  /** The input or the stage that is worked on, or would be next; undefined once all is done. */
  readonly next: string | undefined;
  /** New: read from a file and not begun yet. */
  readonly status: 'new' | 'running' | 'stopped' | 'finished' | 'failed';
  /** Why it failed. What was saved before is still there. */
  readonly problem?: DescribedError;
  /** Another tab has it, so here it can only be looked at. */
  readonly isElsewhere: boolean;
}

/** What a pipeline does now. */
export interface PipelineProgress {
  /** The input or the stage. */
  readonly name: string;
  readonly phase: 'training' | 'measuring';
  /** Steps, or problems measured. */
  readonly done: number;
  readonly total: number;
  /** How much of the steps is done, from 0 to 1; a token budget may end them early. */
  readonly share: number;
  /** Until the stage's last step, at the pace so far. */
  readonly leftMs?: number;
}

// ---- Events -------------------------------------------------------------------------------------------------------

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
  /** Whatever is wrong, the run can be opened again at its last good checkpoint, that of `keptStep`, if there is one. */
  | {
      readonly type: 'runFailed';
      readonly runId: string;
      readonly error: DescribedError;
      readonly keptStep?: number | undefined;
    }
  | { readonly type: 'checkpointSaved'; readonly runId: string; readonly step: number }
  /** The disk is full: the run goes on in memory, and what was saved before stays. */
  | { readonly type: 'saveFailed'; readonly runId: string; readonly error: DescribedError }
  /** It was begun, stopped, finished or failed, or another checkpoint of it is done. */
  | { readonly type: 'pipelineChanged'; readonly run: PipelineRun }
  | { readonly type: 'pipelineProgressed'; readonly pipeline: string; readonly progress: PipelineProgress }
  /** A step of a stage that has metrics to tell. */
  | { readonly type: 'stageStepped'; readonly pipeline: string; readonly stage: string; readonly step: StepMetrics }
  /** What the last answer or training step cost. */
  | { readonly type: 'workMeasured'; readonly work: 'ask' | 'step'; readonly cost: WorkCost }
  | { readonly type: 'scalingProgressed'; readonly done: number; readonly total: number }
  | {
      readonly type: 'scalingMeasured';
      /** Place in the request. */
      readonly model: number;
      readonly measure: ScalingMeasure;
    }
  | { readonly type: 'scalingEnded'; readonly isStopped: boolean }
  | { readonly type: 'scalingFailed'; readonly error: DescribedError }
  | { readonly type: 'deviceLost'; readonly error: DescribedError };

/** A model to load: one shipped with the page, files a person chose, the checkpoint of a run, or one of a pipeline's. */
export type ModelSource =
  | { readonly kind: 'shipped'; readonly id: string }
  | {
      readonly kind: 'files';
      readonly name: string;
      readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
    }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'checkpoint'; readonly pipeline: string; readonly checkpoint: string };

/**
 * The engine, as the page calls it. One ask, one run or one pipeline computes at a time; an ask meanwhile waits for the step's
 * end.
 */
export interface EngineApi {
  /** Finds a device. Fails, with a remedy for this browser, where there is none. */
  open(onEvents: (batch: readonly EngineEvent[]) => void): Promise<Result<Catalogue>>;
  deviceReport(): Promise<Result<DeviceReport>>;
  /** Times every kernel on a copy of the loaded model. Fails where the device has no timestamps. */
  profileDevice(): Promise<Result<readonly ProgramProfile[]>>;
  loadModel(source: ModelSource): Promise<Result<ModelInfo>>;
  modelInfo(): Promise<Result<ModelInfo>>;
  /** The loaded model as a zip of its Hugging Face folder. */
  exportModel(): Promise<Result<Uint8Array>>;

  /** Starts answering; tokens come as events. Resolves to the askId at once or to why it cannot. */
  ask(request: AskRequest): Promise<Result<number>>;
  stopAsk(): Promise<void>;
  /**
   * Has the model, as it is now, read one of the last question's answers again: the experts of each token, by MoE layer; none
   * where the model has no MoE layer. Fails once another question or another model took its place.
   */
  expertChoices(askId: number, sample: number): Promise<Result<readonly LayerChoices[]>>;

  /**
   * Bytes that the device would hold for a run on the loaded model, or a shipped one; fails where it does not allow a
   * buffer of it.
   */
  planRun(config: GrpoConfig, shippedId?: string): Promise<Result<number>>;
  /**
   * How the model that a run would start from, the loaded one or a shipped one, answers a few held-out problems of its
   * task now.
   */
  tryStart(settings: RunSettings, shippedId?: string): Promise<Result<StartTrial>>;
  /** A new run on the loaded model. `paused` starts it without taking a step. */
  startRun(settings: RunSettings, paused?: boolean): Promise<Result<RunRecord>>;
  /** Pauses at the end of the current step. */
  pauseRun(): Promise<Result<RunRecord>>;
  resumeRun(): Promise<Result<RunRecord>>;
  /** Saves the open run at the end of its current step, if it trains: the page may be about to go. */
  saveRun(): Promise<void>;
  /** Takes one step of a paused run. */
  stepRun(): Promise<Result<RunRecord>>;
  /** Ends the run after the current step and saves it. The trained model stays loaded. */
  stopRun(): Promise<Result<RunRecord>>;
  /** Stored runs, newest first. */
  listRuns(): Promise<Result<readonly StoredRun[]>>;
  /** Opens a stored run at its last checkpoint, paused, with every step's metrics; one that another tab has is only read. */
  openRun(runId: string): Promise<Result<OpenedRun>>;
  /** Every step's metrics of a stored run, without opening it. */
  runSteps(runId: string): Promise<Result<readonly StepMetrics[]>>;
  deleteRun(runId: string): Promise<Result<null>>;
  /** The rollout groups of a stored step. */
  rollouts(runId: string, step: number): Promise<Result<readonly RolloutGroup[]>>;
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

  /** The pipelines that were begun in this browser, or read from a file. */
  listPipelines(): Promise<Result<readonly PipelineRun[]>>;
  /**
   * Begins a pipeline, or goes on with the one of this name. It runs until it is done, fails or is stopped.
   * @param only a stage: then until that is done, and nothing is made but it and what it needs.
   */
  runPipeline(name: string, only?: string): Promise<Result<PipelineRun>>;
  /** Ends the pipeline's current step and saves it. */
  stopPipeline(): Promise<Result<PipelineRun>>;
  deletePipeline(name: string): Promise<Result<null>>;
  /** Takes a pipeline from a file, under a name that no other has. Refuses what could not be run. */
  openPipeline(text: string, fileName: string): Promise<Result<PipelineRun>>;
  /** A pipeline as the text of a file: what openPipeline and the command line take. */
  pipelineFile(name: string): Promise<Result<string>>;
  /** The metrics of a stage, as far as they were saved. */
  stageSteps(pipeline: string, stage: string): Promise<Result<readonly StepMetrics[]>>;
  /** The folder of a checkpoint (a Hugging Face folder) or of a set as a zip. */
  exportCheckpoint(pipeline: string, checkpoint: string): Promise<Result<Uint8Array>>;
}
