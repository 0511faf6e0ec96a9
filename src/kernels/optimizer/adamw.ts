// AdamW over pooled parameters in three dispatches: norm by chunk, finish, update.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { type TeamRule, teamKernel } from '../layout/rowReduction';

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

/** A bit for each block of `size` parameters, set where weight decay leaves them alone: in some ranges of them. Throws RangeError where one does not start at a block. */
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
/** Where one invocation a chunk would need more chunks than that, a team has one. */
const CHUNK_TEAM: TeamRule = { members: 64, minWidth: 4096 };

function chunkSize(size: number): number {
  if (size <= MIN_CHUNK * MAX_PARTIALS) return MIN_CHUNK;
  return Math.max(CHUNK_TEAM.minWidth, Math.ceil(size / MAX_PARTIALS));
}

/** Numbers in the buffer of partial norms. */
export function adamwPartials(size: number): number {
  return Math.ceil(size / chunkSize(size));
}

/** Sums of squares of a gradient, chunk by chunk. */
export function gradNormPartial<T>(
  s: { size: number; chunk: number },
  bindings: { gradient: T; partials: T },
): Dispatch<T> {
  return {
    label: 'Adamw.normPartial',
    ...teamKernel({ shader: 'grad_norm_partial' }, Math.ceil(s.size / s.chunk), s.chunk, CHUNK_TEAM),
    params: s,
    bindings,
  };
}

/** y = x in half precision, saturated; y has two bytes a number. */
export function halve<T>(size: number, bindings: { x: T; y: T }): Dispatch<T> {
  const kernel = { shader: 'halve', conditions: { half: true } };
  return { label: 'Adamw.halve', kernel, params: { size }, bindings, workgroups: grid(size) };
}

/**
 * One optimizer step over `size` parameters; clears the gradient. `undecayed`: as packUndecayed gives it. `halves`: the weights again,
 * in half precision.
 */
export function adamw<T>(
  size: number,
  t: {
    weights: T;
    gradient: T;
    firstMoment: T;
    secondMoment: T;
    partials: T;
    settings: T;
    state: T;
    undecayed: T;
    halves?: T | undefined;
  },
): Dispatch<T>[] {
  const partials = adamwPartials(size);
  return [
    gradNormPartial({ size, chunk: chunkSize(size) }, { gradient: t.gradient, partials: t.partials }),
    {
      label: 'Adamw.normFinish',
      kernel: { shader: 'grad_norm_finish' },
      params: { partials },
      bindings: { partials: t.partials, settings: t.settings, state: t.state },
      workgroups: [1, 1, 1],
    },
    {
      label: 'Adamw.update',
      kernel: {
        shader: 'adamw',
        constants: { DECAY_BLOCK },
        conditions: { half: t.halves !== undefined },
      },
      params: { size },
      bindings: {
        settings: t.settings,
        state: t.state,
        weights: t.weights,
        gradient: t.gradient,
        first_moment: t.firstMoment,
        second_moment: t.secondMoment,
        undecayed: t.undecayed,
        ...(t.halves !== undefined && { halves: t.halves }),
      },
      workgroups: grid(size),
    },
  ];
}
