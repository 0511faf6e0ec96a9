// Sequences packed into batches for the device: what is given (a prompt) and what is learned (its completion).
import type { PackedBatch, SharedText } from '../model/packedBatch';

/** A sequence to learn from. The prompt has at least one token, which predicts the completion's first. */
export interface Sequence {
  readonly prompt: readonly number[];
  /** What counts. */
  readonly completion: readonly number[];
}

/** A text of which counts what stands from a place on. Nothing predicts its first token, so that one is always given. */
export function sequenceFrom(ids: readonly number[], place: number): Sequence {
  const first = Math.max(1, place);
  return { prompt: ids.slice(0, first), completion: ids.slice(first) };
}

/** Tokens of a sequence. */
export function lengthOf({ prompt, completion }: Sequence): number {
  return prompt.length + completion.length;
}

/**
 * How sequences lie in a batch. `whole`: each by itself, every token read. `shared`: the prompt of neighbours is there once,
 * but for its last token, which each has for itself; a completion's last token predicts nothing and is not read.
 */
export type Layout = 'whole' | 'shared';

/** Sequences, by index, that are read together. */
export interface SequenceBatch {
  readonly members: readonly number[];
  readonly texts: readonly SharedText[];
  /** Tokens that are read. */
  readonly numTokens: number;
}

/** Sequences, by index, that share a prompt. */
type Family = readonly [number, ...number[]];

function isSamePrompt(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}

/** Splits sequences, in order, into batches of at most `capacity` tokens that are read. */
export function pack(sequences: readonly Sequence[], capacity: number, layout: Layout): SequenceBatch[] {
  const batches: { families: Family[]; numTokens: number }[] = [];
  for (const [i, sequence] of sequences.entries()) {
    const { prompt, completion } = sequence;
    const length = lengthOf(sequence) - (layout === 'shared' ? 1 : 0);
    if (length > capacity) throw new Error(`a sequence of ${length} tokens does not fit a batch of ${capacity}`);
    const batch = batches.at(-1);
    const room = capacity - (batch?.numTokens ?? capacity);
    const family = layout === 'shared' ? batch?.families.at(-1) : undefined;
    const isSibling = family && isSamePrompt((sequences[family[0]] as Sequence).prompt, prompt);
    if (batch && family && isSibling && completion.length <= room) {
      batch.families[batch.families.length - 1] = [...family, i];
      batch.numTokens += completion.length;
    } else if (batch && length <= room) {
      batch.families.push([i]);
      batch.numTokens += length;
    } else {
      batches.push({ families: [[i]], numTokens: length });
    }
  }
  return batches.map(({ families, numTokens }) => ({
    members: families.flat(),
    texts: families.map((family) => textOf(family, sequences, layout)),
    numTokens,
  }));
}

function textOf(family: Family, sequences: readonly Sequence[], layout: Layout): SharedText {
  const { prompt, completion } = sequences[family[0]] as Sequence;
  if (layout === 'whole') return { prefix: [...prompt, ...completion], continuations: [] };
  const continuations = family.map((i) => [...prompt.slice(-1), ...(sequences[i] as Sequence).completion]);
  return { prefix: prompt.slice(0, -1), continuations };
}

/** Writes a batch. Returns the place of each member that predicts its completion's first token; the others follow it. */
export function writeBatch(to: PackedBatch, batch: SequenceBatch, sequences: readonly Sequence[]): number[] {
  return to.writeShared(batch.texts).flatMap(({ start, continuations }, t) => {
    if (continuations.length > 0) return continuations;
    const { prompt } = sequences[batch.members[t] as number] as Sequence;
    return start + prompt.length - 1;
  });
}

/** Takes texts from a source until the next would not fit. The source is asked for texts 0, 1, 2, … across all batches. */
export class TextStream {
  #next: number;

  constructor(
    private readonly textAt: (index: number) => Sequence,
    private readonly capacity: number,
    first = 0,
  ) {
    this.#next = first;
  }

  /** Index of the next text: what a resumed run starts from. */
  get position(): number {
    return this.#next;
  }

  /** Texts that fit a batch of layout `whole`. */
  nextBatch(): Sequence[] {
    const batch: Sequence[] = [];
    let room = this.capacity;
    for (;;) {
      const text = this.textAt(this.#next);
      const length = lengthOf(text);
      if (length > this.capacity) throw new Error(`a text of ${length} tokens does not fit ${this.capacity}`);
      if (length > room) return batch;
      batch.push(text);
      room -= length;
      this.#next++;
    }
  }
}
