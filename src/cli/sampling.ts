// The options that say how a model draws its answers.
import type { SamplingOptions } from '../engine/generator';
import type { Arguments, OptionSpec } from './command';

export const SAMPLING_OPTIONS = {
  temperature: { value: 'X', help: 'temperature; 0 always takes the likeliest token (default 1)' },
  'top-p': { value: 'P', help: 'keep the likeliest tokens that add up to P (default 1)' },
  'top-k': { value: 'K', help: 'keep the K likeliest tokens; 0 keeps all (default 0)' },
  'max-tokens': { value: 'N', help: 'cut an answer after N tokens (default 64)' },
} as const satisfies Record<string, OptionSpec>;

/** The options' values. Throws UsageError. */
export function readSampling(args: Arguments): Omit<SamplingOptions, 'endToken' | 'numTokens'> {
  return {
    temperature: args.number('temperature', 1, { min: 0, max: 100 }),
    topP: args.number('top-p', 1, { min: 1e-6, max: 1 }),
    topK: args.integer('top-k', 0, { max: 1_000_000 }),
    maxNewTokens: args.integer('max-tokens', 64, { min: 1, max: 4096 }),
  };
}
