// Models: those there are, the loaded one, and where they come from.
import type { FolderNotice } from '../formats/huggingface/folder';
import type { Result } from './result';

export interface ShippedModel {
  /** Folder under models/. */
  readonly id: string;
  readonly sizeBytes: number;
  /** The one to look at first. */
  readonly isShownFirst: boolean;
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

/** A model that the reader keeps in this browser. */
export interface KeptModel {
  readonly id: string;
  /** The reader's, and no shipped model's. */
  readonly name: string;
  /** ISO date and time. */
  readonly keptAt: string;
  readonly sizeBytes: number;
  /** Model card as Markdown, if there is one. */
  readonly readme: string | undefined;
}

/** A model to load: shipped with the page, of files a person chose, kept, the checkpoint of a run, or one of a pipeline's. */
export type ModelSource =
  | { readonly kind: 'shipped'; readonly id: string }
  | {
      readonly kind: 'files';
      readonly name: string;
      /** A file on disk goes as it is: the engine reads of it what it needs. */
      readonly files: readonly { readonly name: string; readonly content: Uint8Array | Blob }[];
    }
  | { readonly kind: 'kept'; readonly id: string }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'checkpoint'; readonly pipeline: string; readonly checkpoint: string };

export interface ModelApi {
  loadModel(source: ModelSource): Promise<Result<ModelInfo>>;
  modelInfo(): Promise<Result<ModelInfo>>;
  /** The loaded model as a zip of its Hugging Face folder: in float32, or in FP8 as DeepSeek ships. */
  exportModel(form?: 'fp8'): Promise<Result<Uint8Array>>;
  /** Keeps the loaded model as it is now in this browser; with a number behind the name where that is taken. */
  keepModel(name: string): Promise<Result<KeptModel>>;
  /** Newest first. */
  keptModels(): Promise<Result<readonly KeptModel[]>>;
  renameModel(id: string, name: string): Promise<Result<KeptModel>>;
  deleteModel(id: string): Promise<Result<null>>;
}
