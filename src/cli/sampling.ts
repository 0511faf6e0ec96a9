// The options that say how a model draws its answers.
import type { GenerationSettings } from '../formats/huggingface/generationConfig';
import type { Arguments, OptionSpec } from './command';

export const SAMPLING_OPTIONS = {
  temperature: { value: 'X', help: 'temperature; 0 always takes the likeliest token (default: the model’s)' },
  'top-p': { value: 'P', help: 'keep the likeliest tokens that add up to P (default: the model’s)' },
  'top-k': { value: 'K', help: 'keep the K likeliest tokens; 0 keeps all (default: the model’s)' },
  'max-tokens': { value: 'N', help: 'cut an answer after N tokens (default: the model’s)' },
} as const satisfies Record<string, OptionSpec>;

/** For the notes of a command that has these options. */
export const SAMPLING_NOTE =
  'How answers are drawn and where they are cut, a model says itself in its generation_config.json: as in its training.';

/** The options' values; where none is given, the model's own. Throws UsageError. */
export function readSampling(args: Arguments, own: GenerationSettings): GenerationSettings {
  return {
    temperature: args.number('temperature', own.temperature, { min: 0, max: 100 }),
    topP: args.number('top-p', own.topP, { min: 1e-6, max: 1 }),
    topK: args.integer('top-k', own.topK, { max: 1_000_000 }),
    maxNewTokens: args.integer('max-tokens', own.maxNewTokens, { min: 1, max: 4096 }),
  };
}

/** How answers are drawn, for people. */
export function samplingText({ temperature, topP, topK, maxNewTokens }: GenerationSettings): string {
  return `temperature ${temperature}, top-p ${topP}, top-k ${topK}, at most ${maxNewTokens} tokens`;
}
