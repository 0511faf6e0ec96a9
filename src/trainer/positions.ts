// How a model's positions are shared between a prompt and its completion.
import { DEFAULT_GENERATION, type GenerationSettings } from '../formats/huggingface/generationConfig';
import { SoliloquyError } from '../lib/errors';
import type { Architecture } from '../model/architecture';
import type { GrpoConfig } from './grpo/grpoConfig';

/** Longest prompt that a batch makes room for. */
export const MAX_PROMPT_TOKENS = 64;

/** Completions longer than the model has positions for. */
export class CompletionLengthError extends SoliloquyError {
  readonly code = 'completion_too_long';
}

/** The longest completion that the longest prompt leaves room for. */
export function longestCompletion({ maxPositions }: Pick<Architecture, 'maxPositions'>): number {
  return maxPositions - MAX_PROMPT_TOKENS;
}

/** A model's own longest answer, but no longer than it has positions for: a file may say more. */
export function ownLength(
  { maxNewTokens }: Pick<GenerationSettings, 'maxNewTokens'>,
  architecture: Pick<Architecture, 'maxPositions'>,
): number {
  return Math.min(maxNewTokens, Math.max(1, longestCompletion(architecture)));
}

/** One length for models that are measured alike: the longest that one of them gives itself and all have positions for. */
export function commonLength(
  models: readonly {
    readonly generation?: Pick<GenerationSettings, 'maxNewTokens'> | undefined;
    readonly description: { readonly architecture: Pick<Architecture, 'maxPositions'> };
  }[],
): number {
  const own = models.map(({ generation = DEFAULT_GENERATION, description }) =>
    ownLength(generation, description.architecture),
  );
  const room = models.map(({ description }) => longestCompletion(description.architecture));
  return Math.max(1, Math.min(Math.max(...own), ...room));
}

/** Throws CompletionLengthError if the longest prompt and the longest completion do not fit the model's positions together. */
export function checkCompletionLength(
  { max_completion_length: length }: Pick<GrpoConfig, 'max_completion_length'>,
  architecture: Pick<Architecture, 'maxPositions'>,
): void {
  const room = longestCompletion(architecture);
  if (length <= room) return;
  throw new CompletionLengthError(
    `The longest answer (max_completion_length) is ${length} tokens; the model has ${architecture.maxPositions} positions ` +
      `(max_position_embeddings), of which a question may take ${MAX_PROMPT_TOKENS}.`,
    room > 0 ? `Choose at most ${room}, or a model with more positions.` : 'Choose a model with more positions.',
  );
}
