// Memory through which a device is read.
import type { DeviceBuffer } from './contract';

/** Staging buffers of reads, kept for the next ones. */
export class StagingPool<B extends DeviceBuffer> {
  readonly #free: B[] = [];

  /** @param device makes and frees them. */
  constructor(private readonly device: { create(sizeBytes: number): B; destroy(buffer: B): void }) {}

  take(sizeBytes: number): B {
    const bySize = this.#free.toSorted((a, b) => a.size - b.size);
    const found = bySize.find((buffer) => buffer.size >= sizeBytes) ?? bySize.at(-1);
    if (found) this.#free.splice(this.#free.indexOf(found), 1);
    if (found && found.size >= sizeBytes) return found;
    // The largest gives way to a larger one, so there are as many as there were reads at once.
    if (found) this.device.destroy(found);
    return this.device.create(sizeBytes);
  }

  putBack(...buffers: readonly B[]): void {
    this.#free.push(...buffers);
  }

  destroy(): void {
    for (const buffer of this.#free.splice(0)) this.device.destroy(buffer);
  }
}
