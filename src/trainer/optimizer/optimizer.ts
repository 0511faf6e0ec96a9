// AdamW over a model's parameters in their pools, with global-norm clipping; a step whose gradient is not finite changes nothing.
import { type BufferRange, type DeviceBuffer, type KernelTimes, type Program, whole } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import {
  ADAMW_STATE_BYTES,
  type AdamwPool,
  type AdamwSettings,
  type AdamwState,
  adamw,
  adamwPartials,
  initialAdamwState,
  packAdamwSettings,
  packUndecayed,
  unpackAdamwState,
} from '../../kernels/optimizer/adamw';
import { SoliloquyError } from '../../lib/errors';
import type { Architecture } from '../../model/architecture';
import { isOfMtp } from '../../model/parameterShapes';
import { flatten, type ParameterLayout, unflatten } from '../../model/parameters';
import type { ParameterPool } from '../../model/weights';

/** A saved state that does not fit. */
export class SnapshotError extends SoliloquyError {
  readonly code = 'bad_snapshot';
}

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

/** What an optimizer moves: parameters in pools, and where each lies; without a layout all are in one pool and all decay. */
export interface TrainedPools {
  readonly pools: readonly ParameterPool[];
  readonly layout?: ParameterLayout;
}

/**
 * Whether weight decay pulls on the parameter of this name: on all but norms and biases, as in transformers' Trainer (5.17,
 * get_decay_parameter_names).
 */
export function isDecayed(name: string): boolean {
  return !/bias$|norm\.weight$/i.test(name);
}

/** As isDecayed, but for a module for further tokens, which the loss says nothing of. */
export function isDecayedOf(architecture: Architecture): typeof isDecayed {
  return (name) => isDecayed(name) && !isOfMtp(name, architecture);
}

/** What the optimizer keeps of a pool. */
type Kept = Record<'firstMoment' | 'secondMoment' | 'undecayed', DeviceBuffer>;

export class Optimizer {
  private constructor(
    private readonly runtime: Runtime,
    private readonly program: Program,
    private readonly layout: ParameterLayout | undefined,
    private readonly kept: readonly Kept[],
    private readonly shared: Record<'partials' | 'settings' | 'state', DeviceBuffer>,
  ) {}

  /**
   * Throws if the weights have no gradient, or OutOfMemoryError.
   * @param decays whether weight decay pulls on a parameter, by its name in memory.
   */
  static async create(runtime: Runtime, { pools, layout }: TrainedPools, decays = isDecayed): Promise<Optimizer> {
    const { device } = runtime;
    const undecayed = [...(layout?.specs.values() ?? [])].filter(({ name }) => !decays(name));
    const bits = pools.map(({ size }, i) =>
      packUndecayed(
        size,
        undecayed.filter(({ pool }) => pool === i),
      ),
    );
    const { starts, total } = adamwPartials(pools.map(({ size }) => size));
    const make = (name: string, bytes: number) => device.createBuffer(`Optimizer.${name}`, bytes);
    const { kept, shared } = await device.guardMemory(() => ({
      kept: pools.map(({ size }, i) => ({
        firstMoment: make(`firstMoment:${i}`, size * 4),
        secondMoment: make(`secondMoment:${i}`, size * 4),
        undecayed: make(`undecayed:${i}`, (bits[i] as Uint32Array).byteLength),
      })),
      shared: {
        partials: make('partials', total * 4),
        settings: make('settings', 32),
        state: make('state', ADAMW_STATE_BYTES),
      },
    }));
    device.write(shared.state, initialAdamwState());
    for (const [i, { undecayed }] of kept.entries()) device.write(undecayed, bits[i] as Uint32Array);
    // A snapshot is the largest read of a run: with room for it, the first checkpoint does not cost memory that was not there.
    const largest = Math.max(...kept.map(({ firstMoment }) => firstMoment.size));
    runtime.readback.reserve(2 * largest + shared.state.size);
    const bound = pools.map((pool, i): AdamwPool<BufferRange> => {
      if (!pool.gradient) throw new Error('these weights are not trained: they have no gradient');
      const { firstMoment, secondMoment, undecayed } = kept[i] as Kept;
      const offset = (starts[i] as number) * 4;
      const end = (starts[i + 1] ?? total) * 4;
      return {
        size: pool.size,
        weights: whole(pool.weights),
        gradient: whole(pool.gradient),
        ...(pool.halves && { halves: whole(pool.halves) }),
        firstMoment: whole(firstMoment),
        secondMoment: whole(secondMoment),
        undecayed: whole(undecayed),
        partials: { buffer: shared.partials, offset, size: Math.max(16, Math.ceil((end - offset) / 16) * 16) },
      };
    });
    const { partials, settings, state } = shared;
    const updates = adamw(bound, { partials: whole(partials), settings: whole(settings), state: whole(state) });
    const program = await device.compile('Optimizer', [...updates, ...pools.flatMap(({ rounding }) => rounding)]);
    return new Optimizer(runtime, program, layout, kept, shared);
  }

  /** Takes a step with the gradient in the pools and clears it. */
  step(settings: AdamwSettings): void {
    this.runtime.device.write(this.shared.settings, packAdamwSettings(settings));
    this.program.submit();
  }

  get stateRange(): BufferRange {
    return whole(this.shared.state);
  }

  async readState(): Promise<AdamwState> {
    const [bytes] = await this.runtime.readback.read([this.stateRange]);
    return unpackAdamwState(bytes as ArrayBuffer);
  }

  async snapshot(): Promise<OptimizerSnapshot> {
    const moments: { first: Float32Array; second: Float32Array; state: Float32Array }[] = [];
    for (const { firstMoment, secondMoment } of this.kept) {
      const ranges = [whole(firstMoment), whole(secondMoment), this.stateRange];
      const [first, second, state] = (await this.runtime.readback.read(ranges)).map(
        (bytes) => new Float32Array(bytes),
      ) as [Float32Array, Float32Array, Float32Array];
      moments.push({ first, second, state });
    }
    return {
      firstMoment: this.#flatten(moments.map(({ first }) => first)),
      secondMoment: this.#flatten(moments.map(({ second }) => second)),
      state: (moments[0] as { state: Float32Array }).state,
    };
  }

  #flatten(pools: readonly Float32Array[]): Float32Array {
    return this.layout ? flatten(this.layout, pools) : (pools[0] as Float32Array);
  }

  /** Throws SnapshotError for a snapshot of other parameters. */
  restore(snapshot: OptimizerSnapshot): void {
    const { device } = this.runtime;
    const { layout } = this;
    const needed = layout ? layout.flatSize * 4 : (this.kept[0] as Kept).firstMoment.size;
    if (snapshot.firstMoment.byteLength !== needed) {
      throw new SnapshotError(
        `The saved optimizer has ${snapshot.firstMoment.byteLength} bytes of moments; this model needs ${needed}.`,
        'It was saved by another version of the program: start a new run from the model that was saved with it.',
      );
    }
    const parts = (flat: Float32Array) => (layout ? unflatten(layout, flat) : [flat]);
    for (const [i, values] of parts(snapshot.firstMoment).entries())
      device.write((this.kept[i] as Kept).firstMoment, values);
    for (const [i, values] of parts(snapshot.secondMoment).entries())
      device.write((this.kept[i] as Kept).secondMoment, values);
    device.write(this.shared.state, snapshot.state);
  }

  /** Time by kernel of one step. */
  profile(): Promise<KernelTimes | undefined> {
    return this.program.profile();
  }

  destroy(): void {
    for (const buffer of [...this.kept, this.shared].flatMap((buffers) => Object.values(buffers)))
      this.runtime.device.destroyBuffer(buffer);
    this.program.destroy();
  }
}
