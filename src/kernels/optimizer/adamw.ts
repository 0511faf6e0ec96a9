// AdamW over pooled parameters: a norm by chunk and an update for each pool, and one finish for all.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { type RowReductionRule, rowReductionKernel } from '../layout/rowReduction';

/** As `struct Settings` of shaders/lib/optimizer.wgsl. */
export interface AdamwSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly maxNorm: number;
}

export function packAdamwSettings(s: AdamwSettings): Float32Array {
  return new Float32Array([s.learningRate, s.beta1, s.beta2, s.epsilon, s.weightDecay, s.maxNorm, 0, 0]);
}

/** What the optimizer knows after a step. */
export interface AdamwState {
  readonly norm: number;
  readonly steps: number;
  readonly skipped: number;
}

export const ADAMW_STATE_BYTES = 32;

/** State before the first step: both powers are one. */
export function initialAdamwState(): Float32Array {
  return new Float32Array([1, 1, 0, 1, 0, 0, 0, 0]);
}

export function unpackAdamwState(data: ArrayBuffer): AdamwState {
  const floats = new Float32Array(data);
  const words = new Uint32Array(data);
  return { norm: floats[2] ?? 0, steps: words[4] ?? 0, skipped: words[5] ?? 0 };
}

/** Numbers of which weight decay pulls on all or none. */
const DECAY_BLOCK = 128;

/**
 * A bit for each block of `size` parameters, set where weight decay leaves them alone: in some ranges of them. Throws
 * RangeError where one does not start at a block.
 */
export function packUndecayed(
  size: number,
  ranges: Iterable<{ readonly offset: number; readonly size: number }>,
): Uint32Array {
  const words = new Uint32Array(Math.ceil(size / (DECAY_BLOCK * 32)));
  for (const range of ranges) {
    if (range.offset % DECAY_BLOCK !== 0) throw new RangeError(`${range.offset} is inside a block of ${DECAY_BLOCK}`);
    const end = (range.offset + range.size) / DECAY_BLOCK;
    for (let block = range.offset / DECAY_BLOCK; block < end; block++) {
      words[block >>> 5] = (words[block >>> 5] as number) | (1 << (block & 31));
    }
  }
  return words;
}

const MIN_CHUNK = 256;
const MAX_PARTIALS = 8192;
/** Where one invocation a chunk would need more chunks than that, several threads share one. */
const CHUNK_REDUCTION: RowReductionRule = { threads: 64, minWidth: 4096 };

function chunkSize(size: number): number {
  if (size <= MIN_CHUNK * MAX_PARTIALS) return MIN_CHUNK;
  return Math.max(CHUNK_REDUCTION.minWidth, Math.ceil(size / MAX_PARTIALS));
}

/** Floats between the places where a binding may start. */
const BINDING_STEP = 64;

/**
 * Where the partial norms of pools of these sizes lie in one buffer, in floats, and how many it holds. What lies
 * between is 0.
 */
export function adamwPartials(sizes: readonly number[]): {
  readonly starts: readonly number[];
  readonly total: number;
} {
  const starts: number[] = [];
  let total = 0;
  for (const size of sizes) {
    const start = Math.ceil(total / BINDING_STEP) * BINDING_STEP;
    starts.push(start);
    total = start + Math.ceil(size / chunkSize(size));
  }
  return { starts, total };
}

/** Sums of squares of a gradient, chunk by chunk. */
export function gradNormPartial<T>(
  s: { size: number; chunk: number },
  bindings: { gradient: T; partials: T },
): Dispatch<T> {
  return {
    label: 'Adamw.normPartial',
    ...rowReductionKernel({ shader: 'grad_norm_partial' }, Math.ceil(s.size / s.chunk), s.chunk, CHUNK_REDUCTION),
    params: s,
    bindings,
  };
}

/** y = x in half precision, saturated; y has two bytes a number. */
export function halve<T>(size: number, bindings: { x: T; y: T }): Dispatch<T> {
  const kernel = { shader: 'halve', conditions: { half: true } };
  return { label: 'Adamw.halve', kernel, params: { size }, bindings, workgroups: grid(size) };
}

/** Parameters that lie together, and what the optimizer keeps of them. */
export interface AdamwPool<T> {
  readonly size: number;
  readonly weights: T;
  readonly gradient: T;
  readonly firstMoment: T;
  readonly secondMoment: T;
  /** As packUndecayed gives it. */
  readonly undecayed: T;
  /** Its part of all partial norms. */
  readonly partials: T;
  /** The weights again, in half precision. */
  readonly halves?: T | undefined;
}

/**
 * One optimizer step over the parameters of all pools; clears the gradient. `partials`: of all pools, as adamwPartials
 * has them.
 */
export function adamw<T>(
  pools: readonly AdamwPool<T>[],
  { partials, settings, state }: { partials: T; settings: T; state: T },
): Dispatch<T>[] {
  const { total } = adamwPartials(pools.map(({ size }) => size));
  return [
    ...pools.map(({ size, ...pool }) =>
      gradNormPartial({ size, chunk: chunkSize(size) }, { gradient: pool.gradient, partials: pool.partials }),
    ),
    {
      label: 'Adamw.normFinish',
      kernel: { shader: 'grad_norm_finish' },
      params: { size: total },
      bindings: { partials, settings, state },
      workgroups: [1, 1, 1],
    },
    ...pools.map((pool) => update(pool, { settings, state })),
  ];
}

function update<T>({ size, halves, ...pool }: AdamwPool<T>, shared: { settings: T; state: T }): Dispatch<T> {
  return {
    label: 'Adamw.update',
    kernel: {
      shader: 'adamw',
      constants: { DECAY_BLOCK },
      conditions: { half: halves !== undefined },
    },
    params: { size },
    bindings: {
      ...shared,
      weights: pool.weights,
      gradient: pool.gradient,
      first_moment: pool.firstMoment,
      second_moment: pool.secondMoment,
      undecayed: pool.undecayed,
      ...(halves !== undefined && { halves }),
    },
    workgroups: grid(size),
  };
}
