// The device, and what work on it costs.
import type { Choice as EngineChoice } from '../device/choices';
import type { DeviceReason, DeviceWish } from '../device/chooseDevice';
import type { CpuUse, DeviceKind } from '../device/contract';
import type { Result } from './result';

export { DEVICE_WISHES } from '../device/chooseDevice';

export interface DeviceInfo {
  readonly kind: DeviceKind;
  /** E.g. `apple / metal-3`, `google / swiftshader`, `processor`. */
  readonly name: string;
  /** It computes on the processor. */
  readonly isSoftware: boolean;
  /** Of the processor. */
  readonly cpu?: CpuUse | undefined;
  /** Why it was taken. */
  readonly why: DeviceReason;
}

export interface DeviceFeature {
  /** WebGPU's name of it. */
  readonly name: string;
  /** `used`: something the engine runs here makes use of it; `offered`: nothing does yet. */
  readonly status: 'used' | 'offered' | 'missing';
}

/** Bytes on the device, by the engine's own accounting. */
export interface DeviceMemory {
  readonly heldBytes: number;
  readonly peakBytes: number;
  /** What was planned before anything was allocated; absent where nothing was planned. */
  readonly plannedBytes?: number;
}

/** The device as the engine finds it now. */
export interface DeviceReport {
  /** Of the processor, whose threads join one by one. */
  readonly cpu?: CpuUse | undefined;
  readonly features: readonly DeviceFeature[];
  /** By WebGPU's names. */
  readonly limits: Readonly<Record<string, number>>;
  readonly choices: readonly EngineChoice[];
  readonly memory: DeviceMemory;
}

/** What one phase of an answer or a training step cost. */
export interface PhaseCost {
  /** `prefill`, `decode`, `scoring`, `update`, `optimizer` or `other`. */
  readonly phase: string;
  /** Time of its programs on the device, where it is known; of decode steps one in eight stands for the others. */
  readonly ms: number | undefined;
  /** Programs run: decode steps, batches of the update. */
  readonly runs: number;
  readonly dispatches: number;
  readonly submits: number;
  readonly tokens: number;
  /** Two for each weight that a token passed through, six where it was trained. */
  readonly flops: number;
}

/** What an answer or a training step cost. */
export interface WorkCost {
  /** By the clock, phases and what lies between them. */
  readonly elapsedMs: number;
  /** Of it, nothing was under way on the device. */
  readonly idleMs: number;
  /** The device has no timestamps: phases are timed by the clock, from submit to submit. */
  readonly isByClock: boolean;
  readonly phases: readonly PhaseCost[];
  /** How long a call of `queue.submit` held the engine's thread: 99th percentile and longest. */
  readonly submitP99Ms: number;
  readonly submitMaxMs: number;
}

export interface KernelCost {
  /** `Owner.thing`. */
  readonly kernel: string;
  readonly ms: number;
  /** Dispatches of it. */
  readonly count: number;
}

/** Device time of one run of a program, kernel by kernel, dearest first. */
export interface ProgramProfile {
  readonly program: 'decodeOne' | 'decodeMany' | 'update';
  /** Rollouts of a decode step, tokens of a batch of the update. */
  readonly size: number;
  readonly kernels: readonly KernelCost[];
}

/**
 * Ways to compute, slowest first: the processor by one thread of each form and by several of the fastest, a graphics
 * processor.
 */
export const WAYS = ['javascript', 'scalar', 'simd', 'relaxed', 'threads', 'gpu'] as const;
export type Way = (typeof WAYS)[number];

/** Why a way to compute was not measured. */
export type WayFault =
  /** This engine does not know the instructions. */
  | { readonly kind: 'unknownInstructions' }
  | { readonly kind: 'oneThread'; readonly limit: CpuUse['threadLimit'] }
  | { readonly kind: 'noGpu' }
  /** It computes something else than is right. */
  | { readonly kind: 'wrong'; readonly got: number; readonly needed: number }
  | { readonly kind: 'failed'; readonly fault: string };

/** What a way to compute has come to so far. */
export interface MeasuredWay {
  readonly way: Way;
  /** Of the processor. */
  readonly threads?: number;
  /** Name of the graphics processor. */
  readonly adapter?: string;
  /** It is a program on the processor. */
  readonly isSoftware?: boolean;
  /** 10⁹ operations a second, of a product of matrices. */
  readonly gflops?: number;
  /** Of decode steps of one answer. */
  readonly tokensPerSecond?: number;
  readonly fault?: WayFault;
}

export interface DeviceApi {
  /**
   * Computes on another device from now on, with the model as it is; the open run is left, and can be opened again at its last
   * checkpoint. Fails, and nothing is changed, where that device does not open or a run or a pipeline trains.
   */
  computeOn(wish: DeviceWish): Promise<Result<DeviceInfo>>;
  deviceReport(): Promise<Result<DeviceReport>>;
  /** Times every kernel on a copy of the loaded model. Fails where the device has no timestamps. */
  profileDevice(): Promise<Result<readonly ProgramProfile[]>>;
  /**
   * Measures every way to compute on a device of its own, with a copy of the loaded model; each is told of in events as it comes.
   */
  measureWays(): Promise<Result<null>>;
}
