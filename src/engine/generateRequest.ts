// What a generator is asked for, and whether there is room for it.
import type { GenerationSettings } from '../formats/huggingface/generationConfig';
import { SoliloquyError } from '../lib/errors';
import type { DecodeCapacity } from '../model/decodeState';
import type { Rollout } from './rollout';

export interface SamplingOptions extends GenerationSettings {
  /** Tokens of which each ends a rollout; none: it goes on to its last token. */
  readonly endTokens: readonly number[];
  /** Tokens the tokenizer knows. */
  readonly numTokens: number;
}

export interface GenerateRequest {
  /** One prompt a group, each of at least one token. */
  readonly prompts: readonly (readonly number[])[];
  /** Rollouts of each prompt. */
  readonly members: number;
  readonly sampling: SamplingOptions;
  /** Key of the random numbers of one rollout: the first three words of pcg4d of what it is. */
  key(group: number, member: number): readonly [number, number, number];
  /** Called after each look at the device with how many rollouts have ended. */
  onProgress?(ended: number, total: number): void;
  /** Called after a look at the device with the rollouts that have ended since the last, while the others go on. */
  onEnded?(rollouts: readonly Rollout[]): void;
  /** Called after each look at the device with the rollouts so far; return false to stop. */
  onTokens?(rollouts: readonly Rollout[]): boolean;
}

/** A request that does not fit the generator. */
export class GenerateError extends SoliloquyError {
  readonly code = 'no_room_to_generate';
}

/** Rollouts of a request. Throws GenerateError where there is no room for them, or a prompt has no token. */
export function checkFit(request: GenerateRequest, capacity: DecodeCapacity): number {
  const total = request.prompts.length * request.members;
  const promptTokens = request.prompts.reduce((sum, prompt) => sum + prompt.length - 1, 0);
  const { maxNewTokens } = request.sampling;
  if (request.prompts.some((prompt) => prompt.length === 0)) {
    throw new GenerateError('A prompt is empty.', 'Give every prompt at least one token.');
  }
  if (total > capacity.rollouts || maxNewTokens > capacity.maxNewTokens || promptTokens > capacity.promptTokens) {
    const got = `${total} rollouts of ${maxNewTokens} tokens and prompts of ${promptTokens} tokens`;
    const room = `${capacity.rollouts} of ${capacity.maxNewTokens} and ${capacity.promptTokens}`;
    throw new GenerateError(
      `Asked for ${got}; there is room for ${room}.`,
      'Ask for less at a time, or for shorter texts.',
    );
  }
  return total;
}
