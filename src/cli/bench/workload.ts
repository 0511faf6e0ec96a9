// What a workload of `bench` is.
import type { Runtime } from '../../engine/runtime';
import type { ModelOnDisk } from '../models';

/** What was worked through, so that a time becomes a rate. */
export interface Work {
  readonly tokens?: number;
  readonly flops?: number;
}

export type KernelTimes = ReadonlyMap<string, { ms: number; count: number }>;

/** A workload with everything on the device and compiled. */
export interface Prepared {
  /** Does it `times` times and waits for the device once, at the end. */
  run(times: number): Promise<Work>;
  /** Numbers on which every system must agree. */
  readonly check?: readonly number[];
  /** A remark for people, as of the last run. */
  detail?(): string;
  profile?(): Promise<KernelTimes | undefined>;
  /** What `profile` looks at. */
  readonly profiled?: string;
  destroy(): Promise<void>;
}

export type PeerTaskKind = 'gemm' | 'train' | 'decode' | 'grpo';

/** The same workload for other engines: what a peer's process is sent, and how much work one run of it is. */
export interface PeerTask {
  readonly kind: PeerTaskKind;
  readonly work: Work;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Workload {
  /** One run of it, for people. */
  readonly about: string;
  /** Whether it counts only the first time, before anything is compiled. */
  readonly isCold?: boolean;
  /** Whether it runs only where it is asked for by name: it is for graphics cards, and takes minutes elsewhere. */
  readonly isOnlyAskedFor?: boolean;
  /** Absent where no other engine has what it measures. */
  peerTask?(source: ModelOnDisk): PeerTask;
  prepare(runtime: Runtime, source: ModelOnDisk): Promise<Prepared>;
}

/** Adds up `times` runs of something done one after another. */
export async function repeat(times: number, run: () => Promise<Work>): Promise<Work> {
  let tokens = 0;
  let flops = 0;
  for (let i = 0; i < times; i++) {
    const work = await run();
    tokens += work.tokens ?? 0;
    flops += work.flops ?? 0;
  }
  return { ...(tokens > 0 && { tokens }), ...(flops > 0 && { flops }) };
}
