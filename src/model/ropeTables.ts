// The tables of RoPE's angles on the device: one for each RoPE that a model's layers have.
import { type BufferRange, type Device, whole } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';
import { type Architecture, allLayers, type Rope } from './architecture';
import { ropeTable } from './rope';

const keyOf = (rope: Rope) => JSON.stringify([rope.width, rope.theta, rope.scaling]);

export class RopeTables {
  readonly #ranges = new Map<string, BufferRange>();

  /** For positions 0 … maxPositions − 1. */
  constructor(
    private readonly device: Device,
    architecture: Architecture,
    maxPositions: number,
  ) {
    for (const { attention } of allLayers(architecture)) {
      if (!attention.rope || this.#ranges.has(keyOf(attention.rope))) continue;
      this.#ranges.set(keyOf(attention.rope), this.#upload(attention.rope, maxPositions));
    }
  }

  #upload(rope: Rope, maxPositions: number): BufferRange {
    const { cos, sin } = ropeTable(rope, maxPositions);
    const pairs = new Float32Array(cos.length * 2);
    cos.forEach((value, i) => {
      pairs[2 * i] = value;
      pairs[2 * i + 1] = sin[i] as number;
    });
    const buffer = this.device.createBuffer('Rope.table', pairs.byteLength);
    this.device.write(buffer, pairs);
    return whole(buffer);
  }

  /** (positions, rope/2) of (cos, sin). */
  tensor(g: Graph, rope: Rope): Tensor {
    const range = this.#ranges.get(keyOf(rope));
    if (!range) throw new Error('the model has no such RoPE');
    return g.bind('rope table', [range.size / 8, 2], range);
  }

  destroy(): void {
    for (const { buffer } of this.#ranges.values()) this.device.destroyBuffer(buffer);
  }
}
