// Runs kernels on plain arrays: upload, dispatch inside error scopes, read back. One device a test file, fresh arrays a test.
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { BufferRange, Device, DeviceBuffer, Readback } from '../device/contract';
import type { Dispatch } from '../device/dispatch';
import { WebGpuDevice } from '../device/webgpu/device';
import { shaderSources } from '../kernels/shaders';
import { narrow } from '../lib/tensors/convert';
import { viewOf } from '../lib/tensors/views';
import { openTestDevice } from './device';

/** What is in an output that no kernel has written yet: a NaN, so that a number left out, or read too early, shows. */
const POISON = 0x7fc0dead;

export class KernelRunner {
  readonly #device: Device;
  readonly #readback: Readback;
  #buffers: DeviceBuffer[] = [];

  constructor(device: Device) {
    this.#device = device;
    this.#readback = device.createReadback();
  }

  get features(): ReadonlySet<string> {
    return this.#device.features;
  }

  /** An f32 array on the device. */
  floats(data: ArrayLike<number>): BufferRange {
    return this.#upload(Float32Array.from(data));
  }

  /** An array of half precision on the device, of an even length. */
  halves(data: ArrayLike<number>): BufferRange {
    return this.#upload(viewOf(Uint32Array, narrow('F16', Float32Array.from(data))));
  }

  /** A u32 array on the device; −1 becomes 2³² − 1. */
  words(data: ArrayLike<number>): BufferRange {
    return this.#upload(Uint32Array.from(data));
  }

  /** Room for `length` numbers that are still to be written. */
  output(length: number): BufferRange {
    return this.#upload(new Uint32Array(length).fill(POISON));
  }

  /** `length` zeros. */
  zeros(length: number): BufferRange {
    return this.#upload(new Float32Array(length));
  }

  /** Runs the dispatches in order. Throws what WebGPU's validation or memory has to say against them. */
  async run(...dispatches: Dispatch<BufferRange>[]): Promise<void> {
    const scopes = this.#device instanceof WebGpuDevice ? this.#device.gpu : undefined;
    scopes?.pushErrorScope('out-of-memory');
    scopes?.pushErrorScope('validation');
    const program = await this.#device.compile('test', dispatches);
    program.submit();
    for (const error of [await scopes?.popErrorScope(), await scopes?.popErrorScope()]) {
      if (error) throw new Error(error.message);
    }
    await this.#device.idle();
    program.destroy();
  }

  readFloats(range: BufferRange): Promise<Float32Array> {
    return this.#readback.readF32(range);
  }

  readWords(range: BufferRange): Promise<Uint32Array> {
    return this.#readback.readU32(range);
  }

  /** Frees every array. */
  freeArrays(): void {
    for (const buffer of this.#buffers) this.#device.destroyBuffer(buffer);
    this.#buffers = [];
  }

  #upload(data: Float32Array | Uint32Array): BufferRange {
    const buffer = this.#device.createBuffer('test', data.byteLength);
    this.#buffers.push(buffer);
    const range = { buffer, offset: 0, size: data.byteLength };
    this.#device.write(range, data);
    return range;
  }
}

/** Call at the top of a test file: opens a device before its tests, frees arrays after each. The runner, once tests run. */
export function setUpKernelRunner(): () => KernelRunner {
  let device: Device | undefined;
  let runner: KernelRunner | undefined;
  beforeAll(async () => {
    device = await openTestDevice({ sources: async () => shaderSources });
    runner = new KernelRunner(device);
  });
  afterEach(() => runner?.freeArrays());
  afterAll(() => device?.destroy());
  return () => {
    if (!runner) throw new Error('a kernel runner is there only while tests run');
    return runner;
  };
}
