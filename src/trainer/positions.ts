// How a model's positions are shared between a prompt and its completion.
import { SoliloquyError } from '../lib/errors';
import type { Architecture } from '../model/architecture';
import type { GrpoConfig } from './grpoConfig';

/** Longest prompt that a batch makes room for. */
export const MAX_PROMPT_TOKENS = 64;

/** Completions longer than the model has positions for. */
export class CompletionLengthError extends SoliloquyError {}

/** The longest completion that the longest prompt leaves room for. */
export function longestCompletion({ maxPositions }: Pick<Architecture, 'maxPositions'>): number {
  return maxPositions - MAX_PROMPT_TOKENS;
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
