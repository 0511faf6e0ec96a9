// Memory that several programs use in turns for their intermediate tensors. None of them finds there what it left: they run one
// after the other, and what is to be kept of a run is read or copied before the next.
import type { Device, DeviceBuffer } from '../device/contract';

export class SlotPool {
  readonly #buffers: DeviceBuffer[] = [];

  constructor(
    private readonly device: Device,
    private readonly label: string,
  ) {}

  get bytes(): number {
    return this.#buffers.reduce((sum, buffer) => sum + buffer.size, 0);
  }

  /**
   * A buffer of its own for each size, as small as fits, and a new one where none does. Cheapest if the largest program
   * asks first.
   */
  take(sizes: readonly number[]): DeviceBuffer[] {
    const free = [...this.#buffers].sort((a, b) => a.size - b.size);
    const taken: DeviceBuffer[] = [];
    for (const slot of sizes.map((_, i) => i).sort((a, b) => (sizes[b] as number) - (sizes[a] as number))) {
      const size = sizes[slot] as number;
      const fitting = free.findIndex((buffer) => buffer.size >= size);
      taken[slot] = fitting >= 0 ? (free.splice(fitting, 1)[0] as DeviceBuffer) : this.#add(size);
    }
    return taken;
  }

  #add(size: number): DeviceBuffer {
    const buffer = this.device.createBuffer(`${this.label}.slot${this.#buffers.length}`, size);
    this.#buffers.push(buffer);
    return buffer;
  }

  destroy(): void {
    for (const buffer of this.#buffers.splice(0)) this.device.destroyBuffer(buffer);
  }
}
