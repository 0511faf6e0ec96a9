// Reading from a graphics device: through a staging buffer, in one map.
import type { BufferRange, Readback } from '../contract';
import { StagingPool } from '../stagingPool';
import { type Connection, gpuBuffer } from './connection';

const MAP_READ_AND_COPY_DST = 0x01 | 0x08; // of GPUBufferUsage, a global that is missing in Node

export class WebGpuReadback implements Readback {
  readonly #pool: StagingPool<GPUBuffer>;
  count = 0;

  constructor(private readonly device: Connection) {
    this.#pool = new StagingPool({
      create: (sizeBytes) => device.createBufferFor(MAP_READ_AND_COPY_DST, 'Readback.staging', sizeBytes),
      destroy: (buffer) => device.destroyBuffer(buffer),
    });
  }

  reserve(...sizes: readonly number[]): void {
    this.#pool.putBack(...sizes.map((size) => this.#take(size)));
  }

  async read(ranges: readonly BufferRange[]): Promise<ArrayBuffer[]> {
    this.count++;
    const encoder = this.device.gpu.createCommandEncoder({ label: 'Readback.copy' });
    const stamps = this.device.profiler.resolve(encoder);
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
    this.device.profiler.finish(submit);
    this.device.check();
    const bytes = staging.getMappedRange(0, copied).slice(0);
    staging.unmap();
    this.#pool.putBack(staging);
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

  #take(sizeBytes: number): GPUBuffer {
    return this.#pool.take(this.device.ownBytes.read(sizeBytes));
  }

  destroy(): void {
    this.#pool.destroy();
  }
}
