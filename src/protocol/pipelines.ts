// Pipelines: recipes of several stages.
import type { DescribedError } from '../lib/errors';
import type { StageKind } from '../runs/pipeline';
import type { Done, Written } from '../runs/pipelineRecord';
import type { StepMetrics } from '../runs/run';
import type { Result } from './result';

export type { Written };

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

export interface PipelineApi {
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
