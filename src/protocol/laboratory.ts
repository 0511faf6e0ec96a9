// What the lab computes: texts packed by what the model expects, and a small grid of trainings.
import type { CodedPiece } from '../engine/compression/compressor';
import type { GridResult } from '../runs/scaling/gridRun';
import type { Frontier } from '../trainer/curriculum/frontier';
import type { AskedProblem } from '../trainer/grpo/grpoStep';
import type { Result } from './result';

export type { CodedPiece } from '../engine/compression/compressor';
export type { GridResult } from '../runs/scaling/gridRun';
export type { Frontier } from '../trainer/curriculum/frontier';
export type { AskedProblem } from '../trainer/grpo/grpoStep';

/** The longest text that a page packs, in bytes: each token takes a step of the model. */
export const MOST_PACKED_BYTES = 4000;

export interface PackedText {
  readonly file: Uint8Array;
  /** Of what the coder wrote; the rest of the file says which model and which bits it was made with. */
  readonly payloadBytes: number;
}

/** One piece of the text that is packed or unpacked. */
export interface PieceEvent {
  readonly type: 'pieceCoded';
  readonly piece: CodedPiece;
  readonly done: number;
  readonly total: number;
}

export type GridEvent =
  | { readonly type: 'gridStepped'; readonly run: string; readonly step: number; readonly total: number }
  | { readonly type: 'gridMeasured'; readonly result: GridResult; readonly done: number; readonly total: number }
  | { readonly type: 'gridEnded'; readonly isStopped: boolean };

/** What a model that teaches itself could do after so many steps of it. */
export interface FrontierPoint {
  readonly step: number;
  readonly frontier: Frontier;
  /** The size of the largest problem that it kept at that step. */
  readonly largestKept: number | undefined;
}

export type CurriculumEvent =
  /** Of the smallest problems that it is shown, or of its own, told by `asked`. */
  | {
      readonly type: 'curriculumStepped';
      readonly step: number;
      readonly total: number;
      readonly asked: readonly AskedProblem[] | undefined;
    }
  | { readonly type: 'curriculumMeasured'; readonly point: FrontierPoint }
  | { readonly type: 'curriculumEnded'; readonly isStopped: boolean };

export interface LabApi {
  /** Packs a text by the loaded model as it is now; pieces are told as events. Null where it was stopped. */
  packText(text: string): Promise<Result<PackedText | null>>;
  /** The text of a file that was packed. Null where it was stopped. */
  unpackText(file: Uint8Array): Promise<Result<string | null>>;
  stopPacking(): Promise<void>;
  /** Trains a small grid of models from nothing; what each came to is told as an event. Resolves when it is over. */
  trainGrid(seed: number): Promise<Result<null>>;
  /** Ends the grid between two steps. */
  stopGrid(): Promise<void>;
  /** Shows a new model the smallest problems, then has it teach itself; told as events. Resolves when it is over. */
  growCurriculum(seed: number): Promise<Result<null>>;
  /** Ends that between two steps. */
  stopCurriculum(): Promise<void>;
}
