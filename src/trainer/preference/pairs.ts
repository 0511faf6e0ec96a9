// Pairs of answers of which one is preferred, as tokens, and packed into batches in which no pair is taken apart.
import * as v from 'valibot';
import type { Tokenizer } from '../../tokenizer/tokenizer';
import type { PreferenceMember, PreferenceScore } from '../objectives/preference';
import { lengthOf, pack, type SequenceBatch } from '../packing';
import { sftText } from '../texts/sft';

/** TRL's preference format. Completions are think and answer blocks, without the end token. */
export const preferenceTextSchema = v.object({ prompt: v.string(), chosen: v.string(), rejected: v.string() });
export type PreferenceText = v.InferOutput<typeof preferenceTextSchema>;

/** Two answers to one prompt. */
export type PreferencePair = Readonly<Record<'chosen' | 'rejected', PreferenceMember>>;

/**
 * A pair as tokens. The grade of an answer is looked at where its end token was read, so that a grader's sequences have one
 * more, which is never read. Throws UnreadableTextError.
 */
export function preferencePair(tokenizer: Tokenizer, text: PreferenceText, score: PreferenceScore): PreferencePair {
  const side = (completion: string): PreferenceMember => {
    const sequence = sftText(tokenizer, { question: text.prompt, completion });
    return { ...(score === 'grade' ? toBeGraded(sequence) : sequence), offset: 0 };
  };
  return { chosen: side(text.chosen), rejected: side(text.rejected) };
}

/** A sequence with a token after its last, so that its last one is read. */
export function toBeGraded<S extends { readonly completion: readonly number[] }>(sequence: S): S {
  return { ...sequence, completion: [...sequence.completion, 0] };
}

/** Tokens that are read of a pair. */
export function pairTokens({ chosen, rejected }: PreferencePair): number {
  return lengthOf(chosen) + rejected.completion.length - 1;
}

/** Splits pairs, in order, into batches of at most `capacity` tokens. Members are 2i and 2i + 1 of pair i. */
export function packPairs(pairs: readonly PreferencePair[], capacity: number): SequenceBatch[] {
  const batches: SequenceBatch[] = [];
  for (const [i, { chosen, rejected }] of pairs.entries()) {
    const alone = pack([chosen, rejected], capacity, 'shared');
    const [batch] = alone as [SequenceBatch];
    if (alone.length > 1)
      throw new Error(`a pair of ${pairTokens({ chosen, rejected })} tokens does not fit ${capacity}`);
    const placed = { ...batch, members: batch.members.map((m) => 2 * i + m) };
    const last = batches.at(-1);
    if (!last || last.numTokens + placed.numTokens > capacity) batches.push(placed);
    else
      batches[batches.length - 1] = {
        members: [...last.members, ...placed.members],
        texts: [...last.texts, ...placed.texts],
        numTokens: last.numTokens + placed.numTokens,
      };
  }
  return batches;
}
