// What config.json says of a model: its architecture, and beside it what is no architecture.
import type { Architecture } from './architecture';
import type { KeyReader } from './keyReader';
import type { TokenIds } from './tokenIds';

export interface ModelDescription {
  /** `model_type` in config.json. */
  readonly family: string;
  readonly architecture: Architecture;
  readonly tokenIds: TokenIds;
  /** Standard deviation of fresh weights. */
  readonly initializerRange: number;
  /** The family's keys of config.json, complete. Only the family reads them; others show them or write them back. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A tensor of a checkpoint: a parameter under its name on disk, a copy of one, or one of no elements that belongs to none. */
export interface DiskTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its name in parameterShapes. */
  readonly parameter?: string;
  /** Not a parameter itself: written with the values of this one, and of no account where it is read. */
  readonly copyOf?: string;
  /** A tensor that a checkpoint may have instead, of which this one is the elements from `start` on. */
  readonly within?: { readonly name: string; readonly shape: readonly number[]; readonly start: number };
}

/** A family of models as Hugging Face knows it: the one place that knows the names of its config.json and of its tensors. */
export interface Family {
  readonly modelType: string;
  /** Throws ModelConfigError, naming the key, for what the engine does not compute or numbers that do not fit together. */
  read(keys: KeyReader): ModelDescription;
  /** What config.json holds beside the settings and the token ids. */
  extras(description: ModelDescription): Readonly<Record<string, unknown>>;
  /** Its own keys that transformers declares as float, so that 1 must be written 1.0. */
  readonly floatKeys?: readonly string[];
  /** What a checkpoint holds, in the order in which it is written. */
  tensors(architecture: Architecture): readonly DiskTensor[];
  /** Whether a checkpoint may have a tensor of this name, which is no part of the model. */
  leavesOut(name: string, architecture: Architecture): boolean;
  /** The model without what config.json tells of and a checkpoint of these tensors does not have. */
  asStored?(description: ModelDescription, names: Iterable<string>): ModelDescription;
}
