// The graphics device: asked for with everything the adapter can give, its loss surfaced once, every buffer on the books.
import { Choices } from '../choices';
import type { BufferRange, DeviceBuffer, Transfer } from '../contract';
import { paperGpu } from '../dryRun';
import {
  DeviceLostError,
  DeviceTooSmallError,
  GpuValidationError,
  OutOfMemoryError,
  WebGpuMissingError,
} from '../errors';
import { Answers, OPEN_LIMIT_MS, WORK_LIMIT_MS, withinLimit } from '../patience';
import { PhaseClock } from './phaseClock';

/** What the engine makes use of where it is offered. */
export const WANTED_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16', 'subgroups'];
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;
const MINIMUM_STORAGE_BUFFERS = 8;

const STORAGE_BIT = 0x80;
export const STORAGE = STORAGE_BIT | 0x08 | 0x04; // GPUBufferUsage.STORAGE | COPY_DST | COPY_SRC; the global is missing in Node

/** Counts the bytes held on the device. */
export class MemoryLedger {
  bytes = 0;
  peakBytes = 0;
  /** Bytes by owner: a buffer's label but for its last part, e.g. `Grpo:2048` of `Grpo:2048.slot3`. */
  readonly owners = new Map<string, number>();

  /** @param label of the buffer. */
  add(label: string, sizeBytes: number): void {
    const owner = label.replace(/\.[^.]*$/, '');
    this.owners.set(owner, (this.owners.get(owner) ?? 0) + sizeBytes);
    this.bytes += sizeBytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  /** Bytes held by an owner. */
  of(owner: string): number {
    return this.owners.get(owner) ?? 0;
  }
}

export class Device {
  readonly memory = new MemoryLedger();
  readonly choices = new Choices();
  readonly clock: PhaseClock;
  /** Features that something which runs here makes use of. */
  readonly usedFeatures = new Set<GPUFeatureName>();
  /** Resolves, once, when the device is lost, whoever took it away but for `destroy()` of this object. */
  readonly lost: Promise<DeviceLostError>;
  #isGivenUp = false;
  #lostError: DeviceLostError | undefined;
  #firstValidationError: GpuValidationError | undefined;
  /** What is to be rejected when the device is lost. */
  readonly #answers = new Answers();
  readonly #waiting = new Set<(error: DeviceLostError) => void>();

  private constructor(
    /** Held only to keep it alive: Dawn in Node falls when its instance is collected before its devices. */
    readonly instance: GPU,
    readonly gpu: GPUDevice,
    readonly name: string,
    readonly isSoftware: boolean,
  ) {
    this.clock = new PhaseClock(gpu);
    this.memory.add('PhaseClock.resolved', this.clock.bytes);
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

  /**
   * Opens a device on the best adapter.
   * @throws WebGpuMissingError without WebGPU or adapter; DeviceTooSmallError below the limits every WebGPU device has.
   */
  static async open(gpu: GPU | undefined): Promise<Device> {
    if (!gpu) {
      throw new WebGpuMissingError('This browser has no WebGPU.', 'Use Chrome or Edge 121 or newer, or Safari 26.');
    }
    const adapter = await withinLimit(
      gpu.requestAdapter({ powerPreference: 'high-performance' }),
      'an adapter',
      OPEN_LIMIT_MS,
    );
    if (!adapter) {
      throw new WebGpuMissingError(
        'WebGPU is here, but it found no graphics device.',
        'Turn on hardware acceleration in the browser’s settings, update the graphics driver, then restart the browser.',
      );
    }
    const found = adapter.limits.maxStorageBuffersPerShaderStage;
    if (found < MINIMUM_STORAGE_BUFFERS) {
      throw new DeviceTooSmallError(
        'maxStorageBuffersPerShaderStage',
        found,
        MINIMUM_STORAGE_BUFFERS,
        'Use a device with full WebGPU.',
      );
    }
    const asked = adapter.requestDevice({
      label: 'Soliloquy',
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]])),
    });
    const device = await withinLimit(asked, 'a device', OPEN_LIMIT_MS);
    const { vendor, architecture, description } = adapter.info;
    const name = description || [vendor, architecture].filter(Boolean).join(' / ') || 'unnamed device';
    return new Device(
      gpu,
      device,
      name,
      /swiftshader|llvmpipe|lavapipe|software|warp/i.test(`${name} ${vendor} ${architecture}`),
    );
  }

  /** A device like another that allocates and computes nothing: its ledger tells what the other would hold. */
  static onPaper(like: Device): Device {
    return new Device(like.instance, paperGpu(like.gpu), like.name, like.isSoftware);
  }

  get limits(): GPUSupportedLimits {
    return this.gpu.limits;
  }

  get features(): string[] {
    return [...this.gpu.features];
  }

  /** Throws the first fault that WebGPU reported since the last call, so that none is carried on from silently. */
  check(): void {
    if (this.#lostError) throw this.#lostError;
    const error = this.#firstValidationError;
    this.#firstValidationError = undefined;
    if (error) throw error;
  }

  /** A storage buffer of zeros, at least 16 bytes. Throws DeviceTooSmallError before anything is allocated. */
  createBuffer(label: string, sizeBytes: number, usage: GPUBufferUsageFlags = STORAGE): DeviceBuffer {
    const size = Math.max(16, Math.ceil(sizeBytes / 16) * 16);
    const limit = this.#sizeLimit(usage);
    if (size > this.limits[limit]) {
      const remedy = 'Choose a smaller model, fewer or shorter texts at a time, or gradient_checkpointing.';
      throw new DeviceTooSmallError(limit, this.limits[limit], size, remedy, label);
    }
    const buffer = this.gpu.createBuffer({ label, size, usage });
    this.memory.add(label, size);
    return buffer;
  }

  /** Which limit a buffer's size has to keep: whatever kernels use is bound whole. */
  #sizeLimit(usage: GPUBufferUsageFlags): 'maxBufferSize' | 'maxStorageBufferBindingSize' {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.limits;
    const isBound = (usage & STORAGE_BIT) !== 0 && maxStorageBufferBindingSize < maxBufferSize;
    return isBound ? 'maxStorageBufferBindingSize' : 'maxBufferSize';
  }

  /** Gives a buffer's memory back. */
  destroyBuffer(buffer: DeviceBuffer): void {
    this.memory.add(buffer.label, -buffer.size);
    gpuBuffer(buffer).destroy();
  }

  /** Runs `allocate` and throws OutOfMemoryError, having freed nothing, if the device had no room for it. */
  async guardMemory<T>(allocate: () => T): Promise<T> {
    this.gpu.pushErrorScope('out-of-memory');
    const value = allocate();
    const error = await this.race(this.gpu.popErrorScope(), 'whether memory was there');
    if (error) {
      throw new OutOfMemoryError(
        'The graphics device has no room for this.',
        'Close other tabs, or choose a smaller model or batch.',
      );
    }
    return value;
  }

  write(range: BufferRange | DeviceBuffer, data: Float32Array | Uint32Array | Int32Array, offsetBytes = 0): void {
    const { buffer, offset } = 'buffer' in range ? range : { buffer: range, offset: 0 };
    this.gpu.queue.writeBuffer(
      gpuBuffer(buffer),
      offset + offsetBytes,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
  }

  /** Hands over transfers, in one submit. Does not wait. */
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

  /** Hands over what was recorded. Returns which submit it was, for `clock.finish`. */
  submit(encoder: GPUCommandEncoder): number {
    const commands = encoder.finish();
    return this.clock.timeSubmit(() => this.gpu.queue.submit([commands]));
  }

  /** Waits until the device has done all submitted work; throws if it was lost meanwhile. */
  async idle(): Promise<void> {
    await this.race(this.gpu.queue.onSubmittedWorkDone(), 'the end of its work');
    this.check();
  }

  /** The time, as performance.now() tells it, when all submitted work is done, for measurements: NaN if the device is lost before. */
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
