// The memory of a run, told before any of it is allocated: the code that prepares the run is run on a dry run of the device.
import { dryRuntime, type Runtime } from '../engine/runtime';
import type { Architecture } from '../model/architecture';
import { Weights } from '../model/weights';

export interface MemoryPlan {
  /** All that the run will hold on the device, its trained model among it. */
  readonly bytes: number;
  /** The same by owner: programs under their names, e.g. `Grpo:2048`, with their parameters. */
  readonly owners: ReadonlyMap<string, number>;
}

/** What a run shares with whatever else is on the device: its model, which is there before it. */
const SHARED = ['Weights', 'Profiler'];
/** What may be there before, and then is not made again: a model's copies, and staging buffers, which grow. */
const REUSED = ['HalfWeights', 'Fp8Weights', 'Readback'];

/**
 * Plans a run that trains a model of this architecture.
 * @param prepare allocates and compiles all that the run needs beside the model, as it will be done on the real device.
 * @throws DeviceTooSmallError where a buffer would be larger than the device allows.
 */
export async function planMemory(
  runtime: Runtime,
  architecture: Architecture,
  prepare: (dry: Runtime, weights: Weights) => Promise<unknown>,
): Promise<MemoryPlan> {
  const dry = dryRuntime(runtime);
  await prepare(dry, await Weights.allocate(dry.device, architecture, true));
  const { bytes, owners } = dry.device.memory;
  return { bytes, owners };
}

/** What the device will hold once a planned run on a model that is there already is prepared. */
export function bytesWith({ bytes, owners }: MemoryPlan, { device: { memory } }: Runtime): number {
  const planned = (owner: string) => owners.get(owner) ?? 0;
  const shared = SHARED.reduce((sum, owner) => sum + planned(owner), 0);
  const reused = REUSED.reduce((sum, owner) => sum + Math.min(planned(owner), memory.of(owner)), 0);
  return memory.bytes + bytes - shared - reused;
}
