// Reading from the device: a pool of staging buffers, so that a read never allocates in the steady state.
import type { BufferRange } from '../contract';
import { type Device, gpuBuffer } from './device';

export class Readback {
  readonly #free: GPUBuffer[] = [];
  /** Reads so far; tests hold the engine to at most one in eight decode steps. */
  count = 0;

  constructor(private readonly device: Device) {}

  /** Makes room now for reads of up to so many bytes each, all at once, so that no later one has to. */
  reserve(...sizes: readonly number[]): void {
    this.#free.push(...sizes.map((size) => this.#take(size)));
  }

  /** Copies the ranges, in one staging buffer and one map, after all work submitted so far. */
  async read(ranges: readonly BufferRange[]): Promise<ArrayBuffer[]> {
    this.count++;
    const encoder = this.device.gpu.createCommandEncoder({ label: 'Readback.copy' });
    const stamps = this.device.clock.resolve(encoder);
    const size = ranges.reduce((sum, range) => sum + range.size, 0);
    const copied = size + (stamps?.range.size ?? 0);
    const staging = this.#take(size);
    let at = 0;
    for (const range of stamps ? [...ranges, stamps.range] : ranges) {
      encoder.copyBufferToBuffer(gpuBuffer(range.buffer), range.offset, staging, at, range.size);
      at += range.size;
    }
    const submit = this.device.submit(encoder);
    await this.device.race(staging.mapAsync(0x01, 0, copied), 'numbers to read'); // GPUMapMode.READ
    this.device.clock.finish(submit);
    this.device.check();
    const bytes = staging.getMappedRange(0, copied).slice(0);
    staging.unmap();
    this.#free.push(staging);
    stamps?.take(bytes.slice(size));
    at = 0;
    return ranges.map((range) => {
      const part = bytes.slice(at, at + range.size);
      at += range.size;
      return part;
    });
  }

  async readF32(range: BufferRange): Promise<Float32Array> {
    return new Float32Array((await this.read([range]))[0] as ArrayBuffer);
  }

  async readU32(range: BufferRange): Promise<Uint32Array> {
    return new Uint32Array((await this.read([range]))[0] as ArrayBuffer);
  }

  #take(bytes: number): GPUBuffer {
    // With room for timestamps always, so that reads that bring them need no other buffer.
    const size = bytes + this.device.clock.bytes;
    const bySize = this.#free.toSorted((a, b) => a.size - b.size);
    const found = bySize.find((buffer) => buffer.size >= size) ?? bySize.at(-1);
    if (found) this.#free.splice(this.#free.indexOf(found), 1);
    if (found && found.size >= size) return found;
    // The largest gives way to a larger one, so there are as many as there were reads at once.
    if (found) this.device.destroyBuffer(found);
    return gpuBuffer(this.device.createBuffer('Readback.staging', size, 0x01 | 0x08)); // MAP_READ | COPY_DST
  }

  destroy(): void {
    for (const buffer of this.#free.splice(0)) this.device.destroyBuffer(buffer);
  }
}
