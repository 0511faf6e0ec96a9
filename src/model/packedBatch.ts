// A batch of sequences laid one after the other with no padding between them; only the tail up to the capacity is padding.
// Sequences that start alike may share their beginning, which is then computed once.
import { type Device, type DeviceBuffer, whole } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';

/** A batch as a graph sees it. */
export interface BatchTensors {
  readonly capacity: number;
  /** (N) */
  readonly ids: Tensor;
  /** (N, 4): which tokens each one attends to; shaders/lib/span.wgsl says how. */
  readonly spans: Tensor;
  /** (N) place within the sequence. */
  readonly positions: Tensor;
  /** (N) the token to be predicted at each place. */
  readonly targets: Tensor;
  /** (1) */
  readonly numTokens: Tensor;
}

/** A text that goes on in several ways. */
export interface SharedText {
  readonly prefix: readonly number[];
  /** Of each, the last token is only a target: nothing is predicted from it. */
  readonly continuations: readonly (readonly number[])[];
}

/** Where the parts of a SharedText start in the batch. */
export interface PlacedText {
  readonly start: number;
  readonly continuations: readonly number[];
}

function numRead(continuation: readonly number[]): number {
  return Math.max(0, continuation.length - 1);
}

/** Tokens that are read of a text. */
export function sharedLength(text: SharedText): number {
  return text.continuations.reduce((sum, ids) => sum + numRead(ids), text.prefix.length);
}

type BatchArray = 'ids' | 'spans' | 'positions' | 'targets' | 'numTokens';

/** The device memory of one batch of up to `capacity` tokens, written anew for every batch. */
export class PackedBatch {
  readonly #buffers: Record<BatchArray, DeviceBuffer>;

  constructor(
    readonly device: Device,
    readonly capacity: number,
  ) {
    const make = (name: string, words: number) => device.createBuffer(`PackedBatch.${name}`, words * 4);
    this.#buffers = {
      ids: make('ids', capacity),
      spans: make('spans', 4 * capacity),
      positions: make('positions', capacity),
      targets: make('targets', capacity),
      numTokens: make('numTokens', 1),
    };
  }

  tensors(g: Graph): BatchTensors {
    const bind = (name: BatchArray, shape: number[]) => g.bind(name, shape, whole(this.#buffers[name]));
    return {
      capacity: this.capacity,
      ids: bind('ids', [this.capacity]),
      spans: bind('spans', [this.capacity, 4]),
      positions: bind('positions', [this.capacity]),
      targets: bind('targets', [this.capacity]),
      numTokens: bind('numTokens', [1]),
    };
  }

  /**
   * Writes sequences of token ids. Each place's target is the next token; a sequence's last place has target 0. Returns
   * where each starts.
   */
  write(sequences: readonly (readonly number[])[]): number[] {
    return this.writeShared(sequences.map((prefix) => ({ prefix, continuations: [] }))).map(({ start }) => start);
  }

  /** As `write`, for texts that go on in several ways: the prefix is read once for all of its continuations. */
  writeShared(texts: readonly SharedText[]): PlacedText[] {
    const ids = new Uint32Array(this.capacity);
    const targets = new Uint32Array(this.capacity);
    const positions = new Uint32Array(this.capacity);
    const spans = new Uint32Array(4 * this.capacity);
    const total = texts.reduce((sum, text) => sum + sharedLength(text), 0);
    if (total > this.capacity) throw new Error(`batch of ${total} tokens does not fit ${this.capacity}`);
    let at = 0;
    /**
     * Lays out the first `count` tokens of a sequence that continues the tokens from `prefixStart` on; `end`: one past
     * the last token that sees it.
     */
    const place = (
      sequence: readonly number[],
      count: number,
      prefixStart: number,
      prefixEnd: number,
      end: number,
    ): number => {
      const start = at;
      const span = prefixEnd > prefixStart ? [prefixStart, prefixEnd, start, end] : [start, start, start, end];
      sequence.slice(0, count).forEach((id, i) => {
        ids[at] = id;
        targets[at] = sequence[i + 1] ?? 0;
        positions[at] = prefixEnd - prefixStart + i;
        spans.set(span, 4 * at);
        at++;
      });
      return start;
    };
    const placed = texts.map((text): PlacedText => {
      const { prefix } = text;
      const start = place(prefix, prefix.length, at, at, at + sharedLength(text));
      const prefixEnd = at;
      const continuations = text.continuations.map((ids) => {
        const count = numRead(ids);
        return place(ids, count, start, prefixEnd, at + count);
      });
      return { start, continuations };
    });
    for (let n = at; n < this.capacity; n++) spans.set([n, n, n, n + 1], 4 * n);
    this.device.write(this.#buffers.ids, ids);
    this.device.write(this.#buffers.targets, targets);
    this.device.write(this.#buffers.positions, positions);
    this.device.write(this.#buffers.spans, spans);
    this.device.write(this.#buffers.numTokens, new Uint32Array([at]));
    return placed;
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) this.device.destroyBuffer(buffer);
  }
}
