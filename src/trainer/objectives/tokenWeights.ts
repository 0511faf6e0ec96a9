// What objectives have in common that weigh every token of a batch alike: the weights, and the sum of the losses.
import { type BufferRange, type Device, type DeviceBuffer, whole } from '../../device/contract';
import type { Graph, Tensor } from '../../graph/graph';
import { accumulateSum } from '../../kernels/elementwise/pointwise';
import type { Sequence } from '../packing';
import type { Placed } from './objective';

/** What each token's loss is multiplied by. */
export interface TokenWeight {
  readonly weight: number;
}

export class TokenWeights {
  readonly #weights: DeviceBuffer;
  readonly #loss: DeviceBuffer;

  constructor(
    protected readonly device: Device,
    private readonly name: string,
    protected readonly rows: number,
  ) {
    this.#weights = device.createBuffer(`${name}.weights`, rows * 4);
    this.#loss = device.createBuffer(`${name}.loss`, 16);
  }

  /** (N): of each place that predicts a token; 0 elsewhere. */
  tensor(g: Graph): Tensor {
    return g.bind('token weights', [this.rows], whole(this.#weights));
  }

  /** Adds the terms (N) to the sum. */
  sum(g: Graph, terms: Tensor): void {
    const total = g.bind('loss', [1], whole(this.#loss));
    g.emit(accumulateSum(`${this.name}Loss.sum`, this.rows, { x: terms, total }));
  }

  write(members: readonly Placed<Sequence>[], { weight }: TokenWeight): void {
    const weights = new Float32Array(this.rows);
    for (const { first, completion } of members) weights.fill(weight, first, first + completion.length);
    this.device.write(this.#weights, weights);
  }

  /** The sum of the losses since it was last cleared: (1). */
  get loss(): BufferRange {
    return { ...whole(this.#loss), size: 4 };
  }

  clearLoss(): void {
    this.device.write(this.#loss, new Float32Array(4));
  }

  destroy(): void {
    for (const buffer of [this.#weights, this.#loss]) this.device.destroyBuffer(buffer);
  }
}
