// Supervised fine-tuning: question–completion pairs, of which only the completion counts.
import * as v from 'valibot';
import { rng, shuffled } from '../../lib/rng';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import { type Sequence, sequenceFrom } from '../packing';
import { likelihoodSettings } from './likelihoodSettings';

export interface SftPair {
  readonly question: string;
  /** Think and answer blocks, without the end token. */
  readonly completion: string;
}

/** Defaults: those of a short run on a model that already speaks. The selection bias stays as it is. */
export const sftSettingsSchema = v.object({
  ...likelihoodSettings,
  seed: v.optional(likelihoodSettings.seed, 42),
  steps: v.optional(likelihoodSettings.steps, 200),
  tokens_per_step: v.optional(likelihoodSettings.tokens_per_step, 2048),
  learning_rate: v.optional(likelihoodSettings.learning_rate, 3e-4),
  bias_speed: v.optional(likelihoodSettings.bias_speed.wrapped, 0),
});

/** A pair as tokens: learned from the first token of its completion to the end token. Throws UnreadableTextError. */
export function sftText(tokenizer: Tokenizer, { question, completion }: SftPair): Sequence {
  const prompt = tokenizer.encodePrompt(question);
  // Where the prompt opens the thought, the completion does not do it again.
  const rest = tokenizer.opensThinking(prompt) ? completion.replace(/^\s*<think>/, '') : completion;
  return sequenceFrom([...prompt, ...tokenizer.encode(rest), tokenizer.eosId], prompt.length);
}

/** A source of texts that goes through all of them again and again, each time in another order drawn from the seed. */
export function shuffledTexts<T>(texts: readonly T[], seed: number): (index: number) => T {
  let epoch = -1;
  let order: number[] = [];
  return (index) => {
    const wanted = Math.floor(index / texts.length);
    if (wanted !== epoch) {
      epoch = wanted;
      order = shuffled(texts.length, rng(seed, 'shuffle', epoch));
    }
    return texts[order[index % texts.length] as number] as T;
  };
}
