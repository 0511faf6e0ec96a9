// The processor: compiled operations, the linear memory they work in, the threads that share the work, and its order.
import { Choices } from '../choices';
import type { BufferRange, CpuUse, DeviceBuffer, Numbers, OwnBytes, Transfer } from '../contract';
import { DeviceLostError } from '../errors';
import { bufferBytes, type DeviceFeature, type DeviceLimits } from '../limits';
import { MemoryLedger } from '../memory';
import { addressOf, type LinearBuffer } from './buffer';
import { LinearMemory } from './memory';
import type { Operations } from './module';
import type { Threads } from './options';
import { CpuProfiler } from './profiler';
import { WorkQueue } from './queue';
import { type StartHelper, Team } from './team';

/** Of a dispatch: its entry in the list that the threads' loop reads (wasm/team.ts), and its arguments. */
export const DISPATCH_BYTES = 16;
export const ARGUMENT_BYTES = 256;

const MOST_BYTES = 2 ** 32 - 2 ** 17;
const UNLIMITED = 2 ** 32 - 1;

const LIMITS: DeviceLimits = {
  maxBufferSize: MOST_BYTES,
  maxStorageBufferBindingSize: MOST_BYTES,
  maxStorageBuffersPerShaderStage: UNLIMITED,
  maxComputeInvocationsPerWorkgroup: UNLIMITED,
  maxComputeWorkgroupStorageSize: UNLIMITED,
  maxComputeWorkgroupsPerDimension: UNLIMITED,
};

export class Processor {
  readonly kind = 'cpu';
  readonly isSoftware = true;
  readonly isDryRun = false;
  readonly limits = LIMITS;
  readonly features: ReadonlySet<DeviceFeature> = new Set(['timestamp-query', 'shader-f16'] as const);
  readonly usedFeatures: ReadonlySet<DeviceFeature> = new Set(['timestamp-query'] as const);
  readonly memory = new MemoryLedger();
  readonly ownBytes: OwnBytes = {
    program: (numDispatches) => (DISPATCH_BYTES + ARGUMENT_BYTES) * Math.max(1, numDispatches),
    // Copies are JavaScript's memory.
    read: () => 0,
    timestamps: 0,
  };
  readonly choices = new Choices();
  readonly preferences = new Map<string, string>();
  readonly profiler = new CpuProfiler();
  readonly queue = new WorkQueue((error) => this.#lose(error));
  readonly linear = new LinearMemory();
  readonly team: Team;
  readonly lost: Promise<DeviceLostError>;
  #tellLost: (error: DeviceLostError) => void = () => {};
  #lostError: DeviceLostError | undefined;
  #isGivenUp = false;
  readonly #buffers = new Set<DeviceBuffer>();
  #guarded: DeviceBuffer[] | undefined;

  /** @param startHelper undefined where memory cannot be shared. */
  constructor(
    readonly name: string,
    readonly operations: Operations,
    private readonly threads: Threads,
    startHelper: StartHelper | undefined,
  ) {
    this.lost = new Promise((resolve) => {
      this.#tellLost = resolve;
    });
    this.team = new Team(operations, this.linear, threads.count, startHelper, (error) => this.#lose(error));
  }

  get cpu(): CpuUse {
    return { threads: this.team.threads, threadLimit: this.threads.limit, form: this.operations.form };
  }

  createBuffer(label: string, sizeBytes: number): LinearBuffer {
    const size = bufferBytes(this.limits, label, sizeBytes);
    const buffer = { label, size, address: this.linear.allocate(size) };
    this.memory.add(label, size);
    this.#buffers.add(buffer);
    this.#guarded?.push(buffer);
    return buffer;
  }

  destroyBuffer(buffer: DeviceBuffer): void {
    // A guard may have done it.
    if (!this.#buffers.delete(buffer)) return;
    this.memory.add(buffer.label, -buffer.size);
    // Work handed over before may still use it.
    this.#inOrder(() => this.linear.free(addressOf(buffer), buffer.size));
  }

  async guardMemory<T>(allocate: () => T): Promise<T> {
    const made: DeviceBuffer[] = [];
    this.#guarded = made;
    try {
      return allocate();
    } catch (error) {
      for (const buffer of made) this.destroyBuffer(buffer);
      throw error;
    } finally {
      this.#guarded = undefined;
    }
  }

  write(range: BufferRange | DeviceBuffer, data: Numbers, offsetBytes = 0): void {
    const { buffer, offset } = 'buffer' in range ? range : { buffer: range, offset: 0 };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (offset + offsetBytes + bytes.length > buffer.size)
      throw new RangeError(`${buffer.label}: written past its end`);
    const to = addressOf(buffer) + offset + offsetBytes;
    const set = (from: Uint8Array) => this.linear.bytes(to, from.length).set(from);
    if (this.queue.isEmpty) set(bytes);
    else {
      const copy = bytes.slice();
      this.#inOrder(() => set(copy));
    }
  }

  transfer(_label: string, transfers: readonly Transfer[]): void {
    this.#inOrder(() => {
      for (const transfer of transfers) this.#transfer(transfer);
    });
  }

  #transfer(transfer: Transfer): void {
    if ('clear' in transfer) {
      const { buffer, offset, size } = transfer.clear;
      this.linear.bytes(addressOf(buffer) + offset, size).fill(0);
    } else {
      const { copy, to } = transfer;
      const from = this.linear.bytes(addressOf(copy.buffer) + copy.offset, copy.size);
      this.linear.bytes(addressOf(to.buffer) + to.offset, copy.size).set(from);
    }
  }

  /** At once where nothing is to be done before. */
  #inOrder(task: () => void): void {
    if (this.queue.isEmpty) task();
    else {
      this.queue.push(() => {
        task();
        return true;
      });
    }
  }

  check(): void {
    if (this.#lostError) throw this.#lostError;
  }

  async idle(): Promise<void> {
    this.check();
    await this.queue.after(() => undefined);
  }

  whenDone(): Promise<number> {
    return this.idle().then(
      () => performance.now(),
      () => Number.NaN,
    );
  }

  destroy(): void {
    this.#isGivenUp = true;
    this.#lose(new DeviceLostError('it was given up'));
  }

  #lose(error: unknown): void {
    if (this.#lostError) {
      // What was handed over since is given up, too.
      this.queue.fail(this.#lostError);
      return;
    }
    const reason = error instanceof Error ? error.message : String(error);
    const lost = error instanceof DeviceLostError ? error : new DeviceLostError(reason);
    this.#lostError = lost;
    this.team.terminate();
    this.queue.fail(lost);
    if (!this.#isGivenUp) this.#tellLost(lost);
  }
}
