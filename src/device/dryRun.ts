// A dry run: a device whose buffers have a size and no memory. What prepares a run on it writes into its ledger what the run will
// take, before there is any of it.
import { Choices } from './choices';
import type { BufferRange, Device, DeviceBuffer, Program, Readback } from './contract';
import type { Dispatch } from './dispatch';
import { bufferBytes, checkWorkgroups } from './limits';
import { MemoryLedger } from './memory';
import { StagingPool } from './stagingPool';

/** A device like another that allocates and computes nothing: its ledger tells what the other would hold. */
export class DryRun implements Device {
  readonly isDryRun = true;
  readonly kind: Device['kind'];
  readonly name: string;
  readonly isSoftware: boolean;
  readonly cpu: Device['cpu'];
  readonly limits: Device['limits'];
  readonly features: Device['features'];
  readonly usedFeatures: Device['usedFeatures'] = new Set();
  readonly memory = new MemoryLedger();
  readonly ownBytes: Device['ownBytes'];
  readonly choices = new Choices();
  readonly preferences = new Map<string, string>();
  readonly profiler: Device['profiler'] = {
    start: () => {},
    stop: () => {
      throw new Error('a dry run has nothing to time');
    },
  };
  readonly lost: Device['lost'] = new Promise(() => {});

  constructor(like: Device) {
    this.kind = like.kind;
    this.name = like.name;
    this.isSoftware = like.isSoftware;
    this.cpu = like.cpu;
    this.limits = like.limits;
    this.features = like.features;
    this.ownBytes = like.ownBytes;
    this.memory.add('Profiler.resolved', this.ownBytes.timestamps);
  }

  createBuffer(label: string, sizeBytes: number): DeviceBuffer {
    return this.#create(label, sizeBytes, true);
  }

  #create(label: string, sizeBytes: number, isBound: boolean): DeviceBuffer {
    const size = bufferBytes(this.limits, label, sizeBytes, isBound);
    this.memory.add(label, size);
    return { label, size };
  }

  destroyBuffer({ label, size }: DeviceBuffer): void {
    this.memory.add(label, -size);
  }

  async guardMemory<T>(allocate: () => T): Promise<T> {
    return allocate();
  }

  write(): void {}

  transfer(): void {}

  async compile(label: string, dispatches: readonly Dispatch<BufferRange>[]): Promise<Program> {
    for (const dispatch of dispatches) checkWorkgroups(this.limits, dispatch);
    const numDispatches = dispatches.length;
    const own = this.#create(`${label}.params`, this.ownBytes.program(numDispatches), false);
    return {
      label,
      numDispatches,
      submit: () => {},
      tune: () => {},
      profile: async () => undefined,
      time: async () => Number.NaN,
      destroy: () => this.destroyBuffer(own),
    };
  }

  createReadback(): Readback {
    const pool = new StagingPool({
      create: (bytes) => this.#create('Readback.staging', bytes, false),
      destroy: (buffer) => this.destroyBuffer(buffer),
    });
    const nothingThere = async () => {
      throw new Error('a dry run has nothing to read');
    };
    return {
      count: 0,
      reserve: (...sizes) => {
        const needed = sizes.map((size) => this.ownBytes.read(size)).filter((bytes) => bytes > 0);
        pool.putBack(...needed.map((bytes) => pool.take(bytes)));
      },
      read: nothingThere,
      readF32: nothingThere,
      readU32: nothingThere,
      destroy: () => pool.destroy(),
    };
  }

  check(): void {}

  async idle(): Promise<void> {}

  async whenDone(): Promise<number> {
    return performance.now();
  }

  destroy(): void {}
}
