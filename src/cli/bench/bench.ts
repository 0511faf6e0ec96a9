// Runs workloads one after another, each alone on the device, by this engine and, where they can, by its peers.
import type { Runtime } from '../../engine/runtime';
import type { ModelOnDisk } from '../models';
import { type BenchRow, type Contender, measure, measureOnce } from './measure';
import type { KernelTimes, Prepared, Workload } from './workload';

export const OWN_SYSTEM = 'soliloquy';

export interface BenchOptions {
  readonly workloads: Readonly<Record<string, Workload>>;
  /** Measurements of each workload, of which the median counts. */
  readonly runs: number;
  readonly isProfiled: boolean;
  onRows(rows: readonly BenchRow[]): void;
  onProfile(title: string, kernels: KernelTimes): void;
}

function ownContender(prepared: Prepared): Contender {
  return {
    system: OWN_SYSTEM,
    check: prepared.check ?? [],
    run: async (times) => {
      const startMs = performance.now();
      const work = await prepared.run(times);
      return { ms: performance.now() - startMs, work };
    },
    detail: () => prepared.detail?.(),
    release: () => prepared.destroy(),
  };
}

/** Measures; a fault of this engine ends it, a fault of a peer is a row. */
export async function runBench(runtime: Runtime, source: ModelOnDisk, options: BenchOptions): Promise<BenchRow[]> {
  const all: BenchRow[] = [];
  for (const [name, workload] of Object.entries(options.workloads)) {
    const prepared = await workload.prepare(runtime, source);
    const own = ownContender(prepared);
    const rows = workload.isCold ? [await measureOnce(name, own)] : await measure(name, [own], options.runs);
    all.push(...rows);
    options.onRows(rows);
    const kernels = options.isProfiled ? await prepared.profile?.() : undefined;
    if (kernels) options.onProfile(`${name}, ${prepared.profiled}`, kernels);
    await own.release();
  }
  return all;
}
