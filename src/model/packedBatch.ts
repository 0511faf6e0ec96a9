// A batch of sequences laid one after the other with no padding between them; only the tail up to the capacity is padding.
import { type Device, whole } from '../gpu/device';
import type { Graph, Tensor } from '../graph/graph';

/** A batch as a graph sees it. */
export interface BatchTensors {
  readonly capacity: number;
  /** (N) */
  readonly ids: Tensor;
  /** (N) of (first token of the sequence, one past its last). */
  readonly spans: Tensor;
  /** (N) place within the sequence. */
  readonly positions: Tensor;
  /** (N) the token to be predicted at each place. */
  readonly targets: Tensor;
  /** (1) */
  readonly numTokens: Tensor;
}

type BatchArray = 'ids' | 'spans' | 'positions' | 'targets' | 'numTokens';

/** The device memory of one batch of up to `capacity` tokens, written anew for every batch. */
export class PackedBatch {
  readonly #buffers: Record<BatchArray, GPUBuffer>;

  constructor(
    readonly device: Device,
    readonly capacity: number,
  ) {
    const make = (name: string, words: number) => device.createBuffer(`PackedBatch.${name}`, words * 4);
    this.#buffers = {
      ids: make('ids', capacity),
      spans: make('spans', 2 * capacity),
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
      spans: bind('spans', [this.capacity, 2]),
      positions: bind('positions', [this.capacity]),
      targets: bind('targets', [this.capacity]),
      numTokens: bind('numTokens', [1]),
    };
  }

  /** Writes sequences of token ids. Each place's target is the next token; a sequence's last place has target 0. Returns where each starts. */
  write(sequences: readonly (readonly number[])[]): number[] {
    const ids = new Uint32Array(this.capacity);
    const targets = new Uint32Array(this.capacity);
    const positions = new Uint32Array(this.capacity);
    const spans = new Uint32Array(2 * this.capacity);
    const starts: number[] = [];
    let at = 0;
    for (const sequence of sequences) {
      if (at + sequence.length > this.capacity) {
        const total = sequences.reduce((sum, s) => sum + s.length, 0);
        throw new Error(`batch of ${total} tokens does not fit ${this.capacity}`);
      }
      starts.push(at);
      sequence.forEach((id, i) => {
        ids[at + i] = id;
        targets[at + i] = sequence[i + 1] ?? 0;
        positions[at + i] = i;
        spans[2 * (at + i)] = at;
        spans[2 * (at + i) + 1] = at + sequence.length;
      });
      at += sequence.length;
    }
    for (let n = at; n < this.capacity; n++) {
      spans[2 * n] = n;
      spans[2 * n + 1] = n + 1;
    }
    this.device.write(this.#buffers.ids, ids);
    this.device.write(this.#buffers.targets, targets);
    this.device.write(this.#buffers.positions, positions);
    this.device.write(this.#buffers.spans, spans);
    this.device.write(this.#buffers.numTokens, new Uint32Array([at]));
    return starts;
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) this.device.destroyBuffer(buffer);
  }
}
