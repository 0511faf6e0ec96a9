// What computes, as everything above it sees it: memory by opaque handles, programs of recorded dispatches, reads.
import type { Choices } from './choices';
import type { Dispatch, KernelSpec, SelfTest } from './dispatch';
import type { DeviceLostError } from './errors';
import type { DeviceFeature, DeviceLimits } from './limits';
import type { MemoryLedger } from './memory';
import type { Profiler } from './profile';

/** Memory on a device. What it is there, only the device knows that made it. */
export interface DeviceBuffer {
  /** `Owner.thing[:detail]`. */
  readonly label: string;
  /** In bytes. */
  readonly size: number;
}

/** A stretch of a buffer, in bytes. */
export interface BufferRange {
  readonly buffer: DeviceBuffer;
  readonly offset: number;
  readonly size: number;
}

/** What moves numbers on a device without a kernel. */
export type Transfer =
  | { readonly copy: BufferRange; readonly to: Omit<BufferRange, 'size'> }
  /** Set to zeros. */
  | { readonly clear: BufferRange };

/** What may be uploaded as it lies in memory. */
export type Numbers = Float32Array | Uint32Array | Int32Array;

/** Milliseconds on the device and number of runs, by what was run. */
export type KernelTimes = ReadonlyMap<string, { readonly ms: number; readonly count: number }>;

/** Dispatches made ready once and run as often as asked, in order. */
export interface Program {
  readonly label: string;
  readonly numDispatches: number;
  /** Runs it after all that was submitted before. Does not wait. @param as the label that profiles count the run under. */
  submit(as?: string): void;
  /** Tells it how long a run took, so that no submit of the next one holds the device for long. */
  tune(elapsedMs: number): void;
  /** Runs it once, each dispatch timed on its own: by label without its detail. Slow; undefined without `timestamp-query`. */
  profile(): Promise<KernelTimes | undefined>;
  /** Milliseconds of so many runs one after another. */
  time(runs: number): Promise<number>;
  destroy(): void;
}

/** Reads from a device with a pool of staging memory, so that none is allocated in the steady state. */
export interface Readback {
  /** Reads so far. */
  readonly count: number;
  /** Makes room now for reads of up to so many bytes each, all at once, so that no later one has to. */
  reserve(...sizes: readonly number[]): void;
  /** Copies of the ranges, in one read, after all work submitted so far. */
  read(ranges: readonly BufferRange[]): Promise<ArrayBuffer[]>;
  readF32(range: BufferRange): Promise<Float32Array>;
  readU32(range: BufferRange): Promise<Uint32Array>;
  /** Gives the staging memory back; a later read takes new. */
  destroy(): void;
}

/** What a device takes for itself beside the buffers it is asked for, in bytes. */
export interface OwnBytes {
  program(numDispatches: number): number;
  /** For a read of so many bytes, until it is done. */
  read(sizeBytes: number): number;
  /** Timestamps; each read has room for them. */
  readonly timestamps: number;
}

/** What computes: a graphics device behind WebGPU, be it one in software, or the processor by programs in WebAssembly. */
export type DeviceKind = 'gpu' | 'cpu';

/** How the processor computes. */
export interface CpuUse {
  readonly threads: number;
  /** Why not more: it has no more cores, more are of no use, memory cannot be shared here, or so many were asked for. */
  readonly threadLimit: 'cores' | 'most' | 'unshared' | 'asked';
  /**
   * Instructions: those of JavaScript; of WebAssembly, with one number at a time, four (SIMD128), or four with the product
   * and the sum in one (relaxed SIMD).
   */
  readonly form: 'javascript' | 'scalar' | 'simd' | 'relaxed';
}

export interface Device {
  readonly kind: DeviceKind;
  readonly name: string;
  /** It computes on the processor. */
  readonly isSoftware: boolean;
  /** Of a device of kind `cpu`. */
  readonly cpu?: CpuUse | undefined;
  /** It allocates and computes nothing, and only counts what would be held: what is read from it means nothing. */
  readonly isDryRun: boolean;
  readonly limits: DeviceLimits;
  readonly features: ReadonlySet<DeviceFeature>;
  /** Features that something which runs here makes use of. */
  readonly usedFeatures: ReadonlySet<DeviceFeature>;
  readonly memory: MemoryLedger;
  readonly ownBytes: OwnBytes;
  readonly choices: Choices;
  /** Names of the alternatives preferred here, by subject. */
  readonly preferences: Map<string, string>;
  readonly profiler: Profiler;
  /** Resolves, once, when the device is lost, whoever took it away but for `destroy()`. */
  readonly lost: Promise<DeviceLostError>;

  /** Memory of zeros, at least 16 bytes. @throws DeviceTooSmallError before anything is allocated. */
  createBuffer(label: string, sizeBytes: number): DeviceBuffer;
  destroyBuffer(buffer: DeviceBuffer): void;
  /**
   * Runs `allocate`. Where the device has no room for it, or it throws, what it allocated is destroyed.
   * @throws OutOfMemoryError, and what `allocate` throws.
   */
  guardMemory<T>(allocate: () => T): Promise<T>;
  /** @param offsetBytes from the start of the range. */
  write(range: BufferRange | DeviceBuffer, data: Numbers, offsetBytes?: number): void;
  /** Copies and clears in one submit, in order. Does not wait. */
  transfer(label: string, transfers: readonly Transfer[]): void;
  /** @throws CompileError, DeviceTooSmallError. */
  compile(label: string, dispatches: readonly Dispatch<BufferRange>[]): Promise<Program>;
  createReadback(): Readback;
  /** @throws the first fault that was reported since the last call, so that none is carried on from silently. */
  check(): void;
  /** Waits until all submitted work is done. @throws if the device was lost meanwhile. */
  idle(): Promise<void>;
  /** The time, as performance.now() tells it, when all submitted work is done: NaN if the device is lost before. */
  whenDone(): Promise<number>;
  destroy(): void;
}

/** WGSL text by path relative to shaders/, e.g. `lib/rng.wgsl`. */
export type ShaderSources = Readonly<Record<string, string>>;

/** What a device computes with. */
export interface Shaders {
  /** Read once a graphics device is opened. */
  readonly sources: () => Promise<ShaderSources>;
  /** Tests of a kernel that has a version with subgroups; without any, every kernel is the portable one. */
  readonly selfTests?: (spec: KernelSpec) => readonly SelfTest[];
}

/** Opens a device. @throws WebGpuMissingError, NoDeviceError, DeviceTooSmallError. */
export type OpenDevice = (shaders: Shaders) => Promise<Device>;

/** All of a buffer. */
export function whole(buffer: DeviceBuffer): BufferRange {
  return { buffer, offset: 0, size: buffer.size };
}
