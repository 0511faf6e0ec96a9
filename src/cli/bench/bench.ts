// Runs workloads one after another, each alone on the device, by this engine and, where they can, by its peers.
import type { Runtime } from '../../engine/runtime';
import type { ModelOnDisk } from '../models';
import { type BenchRow, type Contender, measure, measureOnce, reasonOf } from './measure';
import { type PeerPlace, startPeer } from './peerProcess';
import { canCompare } from './peers';
import type { KernelTimes, Prepared, Workload } from './workload';

const OWN_SYSTEM = 'soliloquy';

interface BenchOptions {
  readonly workloads: Readonly<Record<string, Workload>>;
  /** Scripts by the name of the peer. */
  readonly peers: ReadonlyMap<string, string>;
  readonly place: PeerPlace;
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
    destroy: () => prepared.destroy(),
  };
}

/** Measures. A fault of this engine ends it; a fault of a peer becomes its row. */
export async function runBench(runtime: Runtime, source: ModelOnDisk, options: BenchOptions): Promise<BenchRow[]> {
  const all: BenchRow[] = [];
  for (const [name, workload] of Object.entries(options.workloads)) {
    const prepared = await workload.prepare(runtime, source);
    const contenders = [ownContender(prepared)];
    const failed: BenchRow[] = [];
    const task = options.peers.size > 0 ? workload.peerTask?.(source) : undefined;
    if (task) {
      for (const [system, script] of options.peers) {
        if (!canCompare(system, task.kind)) continue;
        try {
          contenders.push(await startPeer(system, script, task, options.place));
        } catch (error) {
          failed.push({ workload: name, system, error: reasonOf(error) });
        }
      }
    }
    const [own] = contenders as [Contender];
    const rows = workload.isCold ? [await measureOnce(name, own)] : await measure(name, contenders, options.runs);
    rows.push(...failed);
    all.push(...rows);
    options.onRows(rows);
    const kernels = options.isProfiled ? await prepared.profile?.() : undefined;
    if (kernels) options.onProfile(`${name}, ${prepared.profiled}`, kernels);
    for (const contender of contenders) await contender.destroy();
  }
  return all;
}
