// What a module for further tokens learns of a batch: each token of a completion from the place two before it.
import { type Device, type DeviceBuffer, whole } from '../../device/contract';
import type { Graph, Tensor } from '../../graph/graph';
import type { Sequence } from '../packing';
import type { Placed } from './objective';
import { type TokenWeight, TokenWeights } from './tokenWeights';

export class FurtherTokens extends TokenWeights {
  readonly #targets: DeviceBuffer;

  /** @param factor λ on the loss: as DeepSeek-V3 has it, the mean is over all tokens, also the first, which has no such place. */
  constructor(
    device: Device,
    name: string,
    rows: number,
    readonly factor: number,
  ) {
    super(device, `${name}Further`, rows);
    this.#targets = device.createBuffer(`${name}Further.targets`, rows * 4);
  }

  /** (N): the token to be predicted at each place. */
  targets(g: Graph): Tensor {
    return g.bind('further targets', [this.rows], whole(this.#targets));
  }

  override write(members: readonly Placed<Sequence>[], { weight }: TokenWeight): void {
    const targets = new Uint32Array(this.rows);
    const placed = members.map((member) => {
      // The second token of a text is the first with a place two before it.
      const skipped = member.prompt.length > 1 ? 0 : 1;
      const completion = member.completion.slice(skipped);
      const first = member.first - 1 + skipped;
      targets.set(completion, first);
      return { ...member, completion, first };
    });
    this.device.write(this.#targets, targets);
    super.write(placed, { weight: weight * this.factor });
  }

  override destroy(): void {
    super.destroy();
    this.device.destroyBuffer(this.#targets);
  }
}
