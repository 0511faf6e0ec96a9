// Reading from the linear memory: copies, once the work before is done.
import type { BufferRange, Readback } from '../contract';
import { addressOf } from './buffer';
import type { Processor } from './processor';

export class CpuReadback implements Readback {
  count = 0;

  constructor(private readonly processor: Processor) {}

  /** Copies are memory of JavaScript's, not of the device's. */
  reserve(): void {}

  async read(ranges: readonly BufferRange[]): Promise<ArrayBuffer[]> {
    this.count++;
    this.processor.check();
    return this.processor.queue.after(() =>
      ranges.map(({ buffer, offset, size }) => {
        const copy = new Uint8Array(size);
        copy.set(this.processor.linear.bytes(addressOf(buffer) + offset, size));
        return copy.buffer;
      }),
    );
  }

  async readF32(range: BufferRange): Promise<Float32Array> {
    return new Float32Array((await this.read([range]))[0] as ArrayBuffer);
  }

  async readU32(range: BufferRange): Promise<Uint32Array> {
    return new Uint32Array((await this.read([range]))[0] as ArrayBuffer);
  }

  destroy(): void {}
}
