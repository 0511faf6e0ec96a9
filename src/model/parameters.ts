// The trained parameters in memory: pooled in one buffer, so that the optimizer is a few dispatches whatever the model, or in as
// many as the device's limit on a binding asks for; and how the parameters of an architecture lie there. Gate and up
// projections lie together, and so do the experts of a layer.
import { rng } from '../lib/rng';
import { type FloatTensor, floatTensor, numElements } from '../lib/tensors/storedTensor';
import type { Architecture } from './architecture';
import { isBuffer, parameterShapes, parameters } from './parameterShapes';

/** A parameter and where its numbers start inside a tensor in memory. */
interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  /** Floats from the start of the tensor in memory. */
  readonly offset: number;
}

export interface ParameterSpec {
  /** Its own, or what its parts lie within. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Which pool it lies in. */
  readonly pool: number;
  /** Numbers from the start of its pool; a multiple of 128, so that a binding may start there even in half precision. */
  readonly offset: number;
  /** Numbers from the start of all parameters, were they in one pool: the form of snapshots, whatever the device. */
  readonly flatOffset: number;
  readonly size: number;
  readonly parts: readonly Part[];
}

export interface ParameterLayout {
  readonly specs: ReadonlyMap<string, ParameterSpec>;
  /** Floats in each pool, padding included. */
  readonly poolSizes: readonly number[];
  /** Floats in one pool of all. */
  readonly flatSize: number;
  /** What is stored but not trained: the selection bias of each MoE layer, by name. */
  readonly buffers: ReadonlyMap<string, readonly number[]>;
}

const ALIGNMENT = 128;

const aligned = (size: number) => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

/**
 * What a kernel of a decode step reads together and must find in one pool: a layer's attention with its norms; its
 * router, gates and the norm before them; its down projections; the head and the norm before it.
 */
function unitOf(name: string, { isTied, isGrader }: Architecture): string {
  const [, layer, block, rest] = /^layers\.(\d+)\.(attention|feedForward)\.(.*)$/.exec(name) ?? [];
  if (block === 'feedForward') return `${layer} ${rest?.endsWith('down.weight') ? 'down' : 'gates'}`;
  if (block === 'attention') return `${layer} attention`;
  return name === 'embedding.weight' && (!isTied || isGrader) ? 'embedding' : 'head';
}

/**
 * Where each parameter of a model lies. Experts: gateUp (E, 2F, D) with gate rows first, down (E, D, F).
 * @param maxPoolSize floats that a pool may have. A unit of parameters that is larger has a pool of its own all the
 * same, which the device then refuses.
 */
export function parameterLayout(architecture: Architecture, maxPoolSize = Number.POSITIVE_INFINITY): ParameterLayout {
  const tensors = new Map<string, { shape: readonly number[]; parts: { name: string; shape: readonly number[] }[] }>();
  const buffers = new Map<string, readonly number[]>();
  for (const { name, shape, within = { name, shape } } of parameters(architecture)) {
    if (isBuffer(name)) {
      buffers.set(name, shape);
      continue;
    }
    const tensor = tensors.get(within.name) ?? { shape: within.shape, parts: [] };
    tensor.parts.push({ name, shape });
    tensors.set(within.name, tensor);
  }
  const specs = new Map<string, ParameterSpec>();
  let flatSize = 0;
  for (const [name, { shape, parts }] of tensors) {
    let size = 0;
    const placed = parts.map(({ name, shape }) => {
      const part = { name, shape, offset: size };
      size += numElements(shape);
      return part;
    });
    specs.set(name, { name, shape, pool: 0, offset: flatSize, flatOffset: flatSize, size, parts: placed });
    flatSize += aligned(size);
  }
  const isOne = flatSize <= maxPoolSize;
  return {
    ...(isOne ? { specs, poolSizes: [flatSize] } : spread(specs, architecture, maxPoolSize)),
    flatSize,
    buffers,
  };
}

/** Puts the units one after the other into pools, the next one where the last has no room. */
function spread(
  specs: ReadonlyMap<string, ParameterSpec>,
  architecture: Architecture,
  maxPoolSize: number,
): Pick<ParameterLayout, 'specs' | 'poolSizes'> {
  const units = new Map<string, ParameterSpec[]>();
  for (const spec of specs.values()) {
    const unit = unitOf(spec.name, architecture);
    units.set(unit, [...(units.get(unit) ?? []), spec]);
  }
  const poolSizes = [0];
  const places = new Map<string, Pick<ParameterSpec, 'pool' | 'offset'>>();
  for (const unit of units.values()) {
    const size = unit.reduce((sum, spec) => sum + aligned(spec.size), 0);
    const last = poolSizes.at(-1) as number;
    if (last > 0 && last + size > maxPoolSize) poolSizes.push(0);
    const pool = poolSizes.length - 1;
    for (const spec of unit) {
      const offset = poolSizes[pool] as number;
      places.set(spec.name, { pool, offset });
      poolSizes[pool] = offset + aligned(spec.size);
    }
  }
  const placed = [...specs.values()].map((spec) => [spec.name, { ...spec, ...places.get(spec.name) }] as const);
  return { specs: new Map(placed), poolSizes };
}

/** The parameters of a pool, each with where it starts there. */
export function poolRanges(
  { specs }: ParameterLayout,
  pool: number,
): { readonly name: string; readonly shape: readonly number[]; readonly at: number }[] {
  return [...specs.values()]
    .filter((spec) => spec.pool === pool)
    .flatMap(({ offset: at, parts }) => parts.map(({ name, shape, offset }) => ({ name, shape, at: at + offset })));
}

/** Numbers in pools → the same as if in one pool, which is what they are where there is one. */
export function flatten({ specs, flatSize }: ParameterLayout, pools: readonly Float32Array[]): Float32Array {
  const [only] = pools;
  if (only && pools.length === 1) return only;
  const flat = new Float32Array(flatSize);
  for (const { pool, offset, flatOffset, size } of specs.values())
    flat.set((pools[pool] as Float32Array).subarray(offset, offset + size), flatOffset);
  return flat;
}

/** The inverse of `flatten`. */
export function unflatten({ specs, poolSizes }: ParameterLayout, flat: Float32Array): Float32Array[] {
  if (poolSizes.length === 1) return [flat];
  const pools = poolSizes.map((size) => new Float32Array(size));
  for (const { pool, offset, flatOffset, size } of specs.values())
    pools[pool]?.set(flat.subarray(flatOffset, flatOffset + size), offset);
  return pools;
}

/** Pools → parameters by name, in the order of their memory. Works for weights, gradients and moments alike. */
export function unpackParameters(layout: ParameterLayout, pools: readonly Float32Array[]): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  for (const spec of layout.specs.values()) {
    for (const { name, shape, offset } of spec.parts) {
      const start = spec.offset + offset;
      const pool = pools[spec.pool] as Float32Array;
      tensors.set(name, floatTensor(shape, pool.slice(start, start + numElements(shape))));
    }
  }
  return tensors;
}

/** Fresh parameters as transformers makes them: normal with a standard deviation of `range`; norms one; biases zero. */
export function initialTensors(architecture: Architecture, range: number, seed: number): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  let index = 0;
  for (const [name, shape] of parameterShapes(architecture)) {
    const draws = rng(seed, 'init', index++);
    const data = new Float32Array(numElements(shape));
    if (/norm\.weight$/i.test(name)) data.fill(1);
    else if (shape.length === 2) for (let i = 0; i < data.length; i++) data[i] = draws.normal() * range;
    tensors.set(name, floatTensor(shape, data));
  }
  return tensors;
}
