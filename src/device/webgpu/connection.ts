// A connection to a graphics device: its loss surfaced once, every wait limited, every buffer on the books.
import { Choices } from '../choices';
import type { BufferRange, DeviceBuffer, Numbers, OwnBytes, Transfer } from '../contract';
import { DeviceLostError, GpuValidationError, OutOfMemoryError } from '../errors';
import { bufferBytes, type DeviceFeature, type DeviceLimits, FEATURES, LIMITS } from '../limits';
import { MemoryLedger } from '../memory';
import { Answers, WORK_LIMIT_MS, withinLimit } from '../patience';
import { type ProfiledRun, SubmitProfiler } from './profiler';

// Of GPUBufferUsage, a global that is missing in Node.
const STORAGE = 0x80;
const COPY_SRC = 0x04;
const COPY_DST = 0x08;

export class Connection {
  readonly kind = 'gpu';
  readonly memory = new MemoryLedger();
  readonly choices = new Choices();
  readonly preferences = new Map<string, string>();
  readonly limits: DeviceLimits;
  readonly features: ReadonlySet<DeviceFeature>;
  readonly profiler: SubmitProfiler;
  readonly usedFeatures = new Set<DeviceFeature>();
  readonly lost: Promise<DeviceLostError>;
  #isGivenUp = false;
  #lostError: DeviceLostError | undefined;
  #firstValidationError: GpuValidationError | undefined;
  /** What is to be rejected when the device is lost. */
  readonly #answers = new Answers();
  readonly #waiting = new Set<(error: DeviceLostError) => void>();
  readonly #buffers = new Set<DeviceBuffer>();
  /** Where buffers are noted while memory is guarded. */
  #guarded: DeviceBuffer[] | undefined;

  constructor(
    /** Held only to keep it alive: Dawn in Node falls when its instance is collected before its devices. */
    readonly instance: GPU,
    readonly gpu: GPUDevice,
    readonly name: string,
    readonly isSoftware: boolean,
  ) {
    this.limits = Object.fromEntries(LIMITS.map((limit) => [limit, gpu.limits[limit]])) as DeviceLimits;
    this.features = new Set(FEATURES.filter((feature) => gpu.features.has(feature)));
    this.profiler = new SubmitProfiler(gpu);
    this.memory.add('Profiler.resolved', this.profiler.bytes);
    if (gpu.features.has('timestamp-query')) this.usedFeatures.add('timestamp-query');
    this.lost = new Promise((resolve) => {
      void gpu.lost.then((info) => {
        this.#lostError = new DeviceLostError(info.message || info.reason);
        for (const reject of this.#waiting) reject(this.#lostError);
        if (!this.#isGivenUp) resolve(this.#lostError);
      });
    });
    gpu.addEventListener('uncapturederror', (event) => {
      this.#firstValidationError ??= new GpuValidationError(event.error.message);
    });
  }

  get ownBytes(): OwnBytes {
    const stride = this.gpu.limits.minUniformBufferOffsetAlignment;
    const { bytes } = this.profiler;
    return {
      program: (numDispatches) => stride * Math.max(1, numDispatches),
      // With room for timestamps always, so that reads that bring them need no other buffer.
      read: (sizeBytes) => sizeBytes + bytes,
      timestamps: bytes,
    };
  }

  check(): void {
    if (this.#lostError) throw this.#lostError;
    const error = this.#firstValidationError;
    this.#firstValidationError = undefined;
    if (error) throw error;
  }

  createBuffer(label: string, sizeBytes: number): DeviceBuffer {
    return this.createBufferFor(STORAGE | COPY_DST | COPY_SRC, label, sizeBytes);
  }

  /** As createBuffer, for another use than by kernels. @param usage GPUBufferUsage. */
  createBufferFor(usage: GPUBufferUsageFlags, label: string, sizeBytes: number): GPUBuffer {
    const size = bufferBytes(this.limits, label, sizeBytes, (usage & STORAGE) !== 0);
    const buffer = this.gpu.createBuffer({ label, size, usage });
    this.memory.add(label, size);
    this.#buffers.add(buffer);
    this.#guarded?.push(buffer);
    return buffer;
  }

  destroyBuffer(buffer: DeviceBuffer): void {
    // A guard may have done it.
    if (!this.#buffers.delete(buffer)) return;
    this.memory.add(buffer.label, -buffer.size);
    gpuBuffer(buffer).destroy();
  }

  async guardMemory<T>(allocate: () => T): Promise<T> {
    const made: DeviceBuffer[] = [];
    try {
      const { value, scope } = this.#allocateIn(made, allocate);
      const error = await this.race(scope, 'whether memory was there');
      if (!error) return value;
      throw new OutOfMemoryError(
        'The device has no room for this.',
        'Close other tabs, or choose a smaller model or batch.',
      );
    } catch (error) {
      for (const buffer of made) this.destroyBuffer(buffer);
      throw error;
    }
  }

  /** Runs `allocate` with its buffers noted in `made`; `scope` tells what the device had no room for. */
  #allocateIn<T>(made: DeviceBuffer[], allocate: () => T): { value: T; scope: Promise<GPUError | null> } {
    this.gpu.pushErrorScope('out-of-memory');
    this.#guarded = made;
    try {
      return { value: allocate(), scope: this.gpu.popErrorScope() };
    } catch (error) {
      this.gpu.popErrorScope().catch(() => undefined);
      throw error;
    } finally {
      this.#guarded = undefined;
    }
  }

  write(range: BufferRange | DeviceBuffer, data: Numbers, offsetBytes = 0): void {
    const { buffer, offset } = 'buffer' in range ? range : { buffer: range, offset: 0 };
    this.gpu.queue.writeBuffer(
      gpuBuffer(buffer),
      offset + offsetBytes,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
  }

  transfer(label: string, transfers: readonly Transfer[]): void {
    const encoder = this.gpu.createCommandEncoder({ label });
    for (const transfer of transfers) {
      if ('clear' in transfer) {
        const { buffer, offset, size } = transfer.clear;
        encoder.clearBuffer(gpuBuffer(buffer), offset, size);
      } else {
        const { copy, to } = transfer;
        encoder.copyBufferToBuffer(gpuBuffer(copy.buffer), copy.offset, gpuBuffer(to.buffer), to.offset, copy.size);
      }
    }
    this.submit(encoder);
  }

  /** Hands over what was recorded. Returns which submit it was, for `profiler.finish`. @param run that it belongs to. */
  submit(encoder: GPUCommandEncoder, run?: ProfiledRun): number {
    const commands = encoder.finish();
    return this.profiler.submit(() => this.gpu.queue.submit([commands]), run);
  }

  async idle(): Promise<void> {
    await this.race(this.gpu.queue.onSubmittedWorkDone(), 'the end of its work');
    this.check();
  }

  whenDone(): Promise<number> {
    return this.race(this.gpu.queue.onSubmittedWorkDone(), 'the end of its work').then(
      () => performance.now(),
      () => Number.NaN,
    );
  }

  /**
   * The promise's value; DeviceLostError if the device is lost first, since a dead device may leave a promise open for ever;
   * DeviceSilentError if it does not answer, neither this nor anything else. @param what is waited for.
   */
  race<T>(promise: Promise<T>, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#lostError) {
        reject(this.#lostError);
        // It may fail as well, with nobody waiting for it any more.
        promise.catch(() => undefined);
        return;
      }
      this.#waiting.add(reject);
      withinLimit(promise, what, WORK_LIMIT_MS, this.#answers)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject));
    });
  }

  destroy(): void {
    this.#isGivenUp = true;
    this.gpu.destroy();
  }
}

/** The memory behind a handle that a device of WebGPU made. */
export function gpuBuffer(buffer: DeviceBuffer): GPUBuffer {
  return buffer as GPUBuffer;
}
