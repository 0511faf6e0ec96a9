// The trained parameters in memory: one pooled buffer (so that the optimizer is a few dispatches whatever the model), and
// how the parameters of an architecture lie in it. Gate and up projections lie together, and so do the experts of a layer.
import type { StoredTensor } from '../formats/huggingface/folder';
import { rng } from '../lib/rng';
import type { Architecture } from './architecture';
import { isBuffer, numElements, parameterShapes } from './parameterShapes';

/** A parameter and where its numbers start inside a tensor in memory. */
interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  /** Floats from the start of the tensor in memory. */
  readonly offset: number;
}

export interface ParameterSpec {
  /** That of its parts, with `gateUp` for the joined projections and no expert number. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Numbers from the start of the pool; a multiple of 128, so that a binding may start there even in half precision. */
  readonly offset: number;
  readonly size: number;
  readonly parts: readonly Part[];
}

export interface ParameterLayout {
  readonly specs: ReadonlyMap<string, ParameterSpec>;
  /** Floats in the pool, padding included. */
  readonly poolSize: number;
  /** What is stored but not trained: the selection bias of each MoE layer, by name. */
  readonly buffers: ReadonlyMap<string, readonly number[]>;
}

const ALIGNMENT = 128;

/** Name of the tensor in memory that a parameter lies in. */
function memoryName(name: string): string {
  return name.replace(/\.experts\.\d+\./, '.experts.').replace(/\.(gate|up)\.weight$/, '.gateUp.weight');
}

/** Where each parameter of a model lies. Experts: gateUp (E, 2F, D) with gate rows first, down (E, D, F). */
export function parameterLayout(architecture: Architecture): ParameterLayout {
  const parts = new Map<string, { name: string; shape: readonly number[] }[]>();
  const buffers = new Map<string, readonly number[]>();
  for (const [name, shape] of parameterShapes(architecture)) {
    if (isBuffer(name)) {
      buffers.set(name, shape);
      continue;
    }
    const tensor = memoryName(name);
    parts.set(tensor, [...(parts.get(tensor) ?? []), { name, shape }]);
  }
  const specs = new Map<string, ParameterSpec>();
  let poolSize = 0;
  for (const [name, list] of parts) {
    let size = 0;
    const placed = list.map(({ name, shape }) => {
      const part = { name, shape, offset: size };
      size += numElements(shape);
      return part;
    });
    const [rows, ...rest] = (list[0] as Part).shape as [number, ...number[]];
    const joined = name.endsWith('.gateUp.weight') ? 2 : 1;
    const perExpert = [joined * rows, ...rest];
    const shape = name.includes('.experts.') ? [list.length / joined, ...perExpert] : perExpert;
    specs.set(name, { name, shape, offset: poolSize, size, parts: placed });
    poolSize = Math.ceil((poolSize + size) / ALIGNMENT) * ALIGNMENT;
  }
  return { specs, poolSize, buffers };
}

/** Parameters by name → the pool. Throws if one is missing (a checked folder has them all). */
export function packParameters(layout: ParameterLayout, tensors: ReadonlyMap<string, StoredTensor>): Float32Array {
  const pool = new Float32Array(layout.poolSize);
  for (const spec of layout.specs.values()) {
    for (const part of spec.parts) {
      const tensor = tensors.get(part.name);
      if (!tensor) throw new Error(`parameter '${part.name}' is missing`);
      pool.set(tensor.data, spec.offset + part.offset);
    }
  }
  return pool;
}

/** The pool → parameters by name, in its order. Works for weights, gradients and moments alike. */
export function unpackParameters(layout: ParameterLayout, pool: Float32Array): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const spec of layout.specs.values()) {
    for (const { name, shape, offset } of spec.parts) {
      const start = spec.offset + offset;
      tensors.set(name, { shape, data: pool.slice(start, start + numElements(shape)) });
    }
  }
  return tensors;
}

/** Fresh parameters as transformers makes them: normal with a standard deviation of `range`; norms one; biases zero. */
export function initialTensors(architecture: Architecture, range: number, seed: number): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  let index = 0;
  for (const [name, shape] of parameterShapes(architecture)) {
    const draws = rng(seed, 'init', index++);
    const data = new Float32Array(numElements(shape));
    if (/norm\.weight$/i.test(name)) data.fill(1);
    else if (shape.length === 2) for (let i = 0; i < data.length; i++) data[i] = draws.normal() * range;
    tensors.set(name, { shape, data });
  }
  return tensors;
}
