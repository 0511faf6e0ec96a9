// Rollouts packed into batches for the device, the prompt of neighbours once.
import type { SharedText } from '../model/packedBatch';

/** What packing looks at. */
export interface PackedRollout {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** Rollouts, by index, of one prompt that follow one another. */
type Family = readonly [number, ...number[]];

export interface RolloutBatch {
  readonly families: Family[];
  /** Tokens that are read. */
  numTokens: number;
}

function isSamePrompt(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}

/**
 * Splits rollouts, in order, into batches of at most `capacity` tokens that are read. In a batch the prompt of
 * neighbouring rollouts is there once, but for its last token, which each rollout has for itself: it predicts the first
 * token of the completion. The completion's last token predicts nothing and is not read.
 */
export function packRollouts(rollouts: readonly PackedRollout[], capacity: number): RolloutBatch[] {
  const batches: RolloutBatch[] = [];
  rollouts.forEach(({ prompt, completion }, i) => {
    const length = prompt.length - 1 + completion.length;
    if (length > capacity) throw new Error(`a rollout of ${length} tokens does not fit a batch of ${capacity}`);
    const batch = batches.at(-1);
    const room = capacity - (batch?.numTokens ?? capacity);
    const family = batch?.families.at(-1);
    const isSibling = family && isSamePrompt((rollouts[family[0]] as PackedRollout).prompt, prompt);
    if (batch && family && isSibling && completion.length <= room) {
      batch.families[batch.families.length - 1] = [...family, i];
      batch.numTokens += completion.length;
    } else if (batch && length <= room) {
      batch.families.push([i]);
      batch.numTokens += length;
    } else {
      batches.push({ families: [[i]], numTokens: length });
    }
  });
  return batches;
}

/** The texts of a batch: prompts but for their last token, continued by it and each completion. */
export function batchTexts({ families }: RolloutBatch, rollouts: readonly PackedRollout[]): SharedText[] {
  return families.map((family) => {
    const { prompt } = rollouts[family[0]] as PackedRollout;
    const continuations = family.map((i) => [...prompt.slice(-1), ...(rollouts[i] as PackedRollout).completion]);
    return { prefix: prompt.slice(0, -1), continuations };
  });
}
