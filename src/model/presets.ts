// Sizes of models the project makes itself. Each is a config.json, so it is written in its family's own keys and read as any
// other: deepseek_v3 throughout, untied heads, ungrouped routing, plain RoPE.
// The knobs that other readers of a checkpoint treat differently are left where all of them agree (rms_norm_eps 1e-6). A dense
// layer is as wide as the experts one token passes through.
import { parseConfigJson } from './configJson';
import type { ModelDescription } from './description';
import micro from './presets/micro.json';
import nano from './presets/nano.json';
import small from './presets/small.json';
import tiny from './presets/tiny.json';

export const PRESETS = {
  /** 6 thousand parameters, the first of two layers dense: made, trained and thrown away in seconds. */
  tiny,
  /** 0.4 M parameters: the model the page ships. */
  nano,
  /** 3 M parameters. */
  micro,
  /** 25 M parameters, 6 M active: for a real GPU. */
  small,
} as const;

export type PresetName = keyof typeof PRESETS;

/**
 * A preset for a tokenizer of `vocabSize` tokens; token ids and the like go in `overrides`, keys of its config.json.
 * Throws ModelConfigError, naming the key.
 */
export function presetModel(
  name: PresetName,
  vocabSize: number,
  overrides: Readonly<Record<string, unknown>> = {},
): ModelDescription {
  return parseConfigJson({ ...PRESETS[name], vocab_size: vocabSize, ...overrides });
}
