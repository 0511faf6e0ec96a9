// AdamW over a model's pooled parameters, with global-norm clipping; a step whose gradient is not finite changes nothing.

import { type BufferRange, type DeviceBuffer, type KernelTimes, type Program, whole } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import {
  ADAMW_STATE_BYTES,
  type AdamwSettings,
  type AdamwState,
  adamw,
  adamwPartials,
  initialAdamwState,
  packAdamwSettings,
  packUndecayed,
  unpackAdamwState,
} from '../kernels/optimizer/adamw';
import { SoliloquyError } from '../lib/errors';
import type { ParameterLayout } from '../model/parameters';
import type { Weights } from '../model/weights';

/** A saved state that does not fit. */
export class SnapshotError extends SoliloquyError {}

/** Everything an optimizer must remember to go on bit for bit. */
export interface OptimizerSnapshot {
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly state: Float32Array;
}

/** Steps that were left out until a snapshot was taken. */
export function skippedSteps({ state }: OptimizerSnapshot): number {
  return unpackAdamwState(state.slice().buffer).skipped;
}

/** What an optimizer moves: parameters pooled in one buffer, their gradients in another. */
export type TrainedPool = Pick<Weights, 'pool' | 'gradient'> &
  Partial<Pick<Weights, 'halves'>> & {
    readonly layout: Pick<ParameterLayout, 'poolSize'> & Partial<Pick<ParameterLayout, 'specs'>>;
  };

/**
 * Whether weight decay pulls on the parameter of this name: on all but norms and biases, as in transformers' Trainer (5.17,
 * get_decay_parameter_names).
 */
export function isDecayed(name: string): boolean {
  return !/bias$|norm\.weight$/i.test(name);
}

export class Optimizer {
  private constructor(
    private readonly runtime: Runtime,
    private readonly program: Program,
    private readonly buffers: Record<
      'firstMoment' | 'secondMoment' | 'partials' | 'settings' | 'state' | 'undecayed',
      DeviceBuffer
    >,
  ) {}

  /**
   * Throws if the weights have no gradient, or OutOfMemoryError.
   * @param decays whether weight decay pulls on a parameter, by its name in memory.
   */
  static async create(runtime: Runtime, weights: TrainedPool, decays = isDecayed): Promise<Optimizer> {
    const { device } = runtime;
    const size = weights.layout.poolSize;
    const { gradient } = weights;
    if (!gradient) throw new Error('these weights are not trained: they have no gradient');
    const specs = [...(weights.layout.specs?.values() ?? [])];
    const undecayedBits = packUndecayed(
      size,
      specs.filter(({ name }) => !decays(name)),
    );
    const make = (name: string, bytes: number) => device.createBuffer(`Optimizer.${name}`, bytes);
    const buffers = await device.guardMemory(() => ({
      firstMoment: make('firstMoment', size * 4),
      secondMoment: make('secondMoment', size * 4),
      partials: make('partials', adamwPartials(size) * 4),
      settings: make('settings', 32),
      state: make('state', ADAMW_STATE_BYTES),
      undecayed: make('undecayed', undecayedBits.byteLength),
    }));
    device.write(buffers.state, initialAdamwState());
    device.write(buffers.undecayed, undecayedBits);
    // A snapshot is the largest read of a run: with room for it, the first checkpoint does not cost memory that was not there.
    runtime.readback.reserve(buffers.firstMoment.size + buffers.secondMoment.size + buffers.state.size);
    const { halves } = weights;
    const ranges = { ...buffers, weights: weights.pool, gradient, ...(halves && { halves }) };
    const bound = Object.fromEntries(Object.entries(ranges).map(([name, buffer]) => [name, whole(buffer)]));
    const dispatches = adamw<BufferRange>(size, bound as Parameters<typeof adamw<BufferRange>>[1]);
    return new Optimizer(runtime, await runtime.device.compile('Optimizer', dispatches), buffers);
  }

  /** Takes a step with the gradient in the pool and clears it. */
  step(settings: AdamwSettings): void {
    this.runtime.device.write(this.buffers.settings, packAdamwSettings(settings));
    this.program.submit();
  }

  get stateRange(): BufferRange {
    return whole(this.buffers.state);
  }

  async readState(): Promise<AdamwState> {
    const [bytes] = await this.runtime.readback.read([this.stateRange]);
    return unpackAdamwState(bytes as ArrayBuffer);
  }

  async snapshot(): Promise<OptimizerSnapshot> {
    const { firstMoment, secondMoment, state } = this.buffers;
    const reads = await this.runtime.readback.read([whole(firstMoment), whole(secondMoment), whole(state)]);
    const [m, v, s] = reads.map((bytes) => new Float32Array(bytes)) as [Float32Array, Float32Array, Float32Array];
    return { firstMoment: m, secondMoment: v, state: s };
  }

  /** Throws SnapshotError for a snapshot of other parameters. */
  restore(snapshot: OptimizerSnapshot): void {
    const { device } = this.runtime;
    const [found, needed] = [snapshot.firstMoment.byteLength, this.buffers.firstMoment.size];
    if (found !== needed) {
      throw new SnapshotError(
        `The saved optimizer has ${found} bytes of moments; this model needs ${needed}.`,
        'It was saved by another version of the program: start a new run from the model that was saved with it.',
      );
    }
    device.write(this.buffers.firstMoment, snapshot.firstMoment);
    device.write(this.buffers.secondMoment, snapshot.secondMoment);
    device.write(this.buffers.state, snapshot.state);
  }

  /** Time by kernel of one step. */
  profile(): Promise<KernelTimes | undefined> {
    return this.program.profile();
  }

  destroy(): void {
    for (const buffer of Object.values(this.buffers)) this.runtime.device.destroyBuffer(buffer);
    this.program.destroy();
  }
}
