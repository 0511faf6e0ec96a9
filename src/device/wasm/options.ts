// How the processor is opened as a device.
import type { CpuUse } from '../contract';
import type { Form } from './forms';

const MOST_THREADS = 8;

export interface CpuOptions {
  /** By default the fastest that the engine can run. */
  readonly form?: Form | undefined;
  /** By default as many as the processor runs at once, eight at most; one where memory cannot be shared. */
  readonly threads?: number | undefined;
  /** It opens once all its threads help; by default they join while it computes. */
  readonly isWhole?: boolean | undefined;
}

/** How many threads share the work, and why not more. */
export interface Threads {
  readonly count: number;
  readonly limit: CpuUse['threadLimit'];
}

/** @param cores of the machine. @param isShared threads can share memory here. */
export function threadsFor({ threads }: CpuOptions, cores: number, isShared = true): Threads {
  if (!isShared) return { count: 1, limit: 'unshared' };
  const most = Math.min(threads ?? cores, MOST_THREADS);
  const limit = most === threads ? 'asked' : most === cores ? 'cores' : 'most';
  return { count: Math.max(1, most), limit };
}
