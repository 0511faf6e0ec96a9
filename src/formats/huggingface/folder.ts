// A Hugging Face model folder as the project holds it: parsed, checked, nothing of it on a device yet. Its weights stay
// where they are stored until they are read.
import type { StoredTensor } from '../../lib/tensors/storedTensor';
import type { ModelDescription } from '../../model/description';
import type { GenerationSettings } from './generationConfig';

/** Where a folder holds something twice: what was taken, and what was left. */
export interface FolderNotice {
  readonly kind: 'weightsTwice' | 'templateTwice';
  readonly taken: string;
  readonly left: string;
}

export interface ModelFolder {
  readonly description: ModelDescription;
  /**
   * By the engine's names (model/parameterShapes.ts), whatever the family calls them on disk, in the order in which
   * they are stored.
   * Their values are checked to be finite when they are read.
   */
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
