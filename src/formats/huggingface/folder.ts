// A Hugging Face model folder as the project holds it in memory: parsed, checked, nothing of it on a device yet.
import type { ModelDescription } from '../../model/description';
import type { GenerationSettings } from './generationConfig';

/** A parameter as on disk. Values are float32 whatever the file's type (BF16 and F16 are widened). */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Where a folder holds something twice: what was taken, and what was left. */
export interface FolderNotice {
  readonly kind: 'weightsTwice' | 'templateTwice';
  readonly taken: string;
  readonly left: string;
}

export interface ModelFolder {
  readonly description: ModelDescription;
  /** By the engine's names (model/parameterShapes.ts), whatever the family calls them on disk. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Parsed tokenizer.json, if the folder has one. */
  readonly tokenizerJson: unknown;
  /** The model card, if there is one. */
  readonly readme: string | undefined;
  /** How it answers unless told otherwise; undefined: `DEFAULT_GENERATION`. */
  readonly generation?: GenerationSettings;
  /** Small files the folder brought (tokenizer_config.json, chat template, …), written back as they were. */
  readonly carriedFiles?: ReadonlyMap<string, Uint8Array>;
  /** What a person should know of how it was read. */
  readonly notices?: readonly FolderNotice[];
}

/** Where the bytes of a folder come from: a directory, a URL, an unzipped archive, files a person chose. */
export interface FileSource {
  /** Said in messages, e.g. `public/models/base`. */
  readonly name: string;
  /** The file's bytes, or undefined when the folder has no such file. */
  read(fileName: string): Promise<Uint8Array | undefined>;
}
