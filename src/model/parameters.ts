// The trained parameters in memory: one pooled buffer (so that the optimizer is a few dispatches whatever the model), and
// how tensors on disk map into it. Gate and up projections lie together, and so do the experts of a layer.
import type { StoredTensor } from '../formats/huggingface/folder';
import { rng } from '../lib/rng';
import type { ModelConfig } from './config';
import { expectedTensors, isBuffer, numElements } from './tensorNames';

/** A tensor on disk and where its numbers start inside a tensor in memory. */
interface Part {
  readonly diskName: string;
  readonly shape: readonly number[];
  /** Floats from the start of the tensor in memory. */
  readonly offset: number;
}

export interface ParameterSpec {
  /** As on disk, with `gate_up_proj` for the joined projections and no expert number. */
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
  /** Tensors that are stored but not trained: the selection bias of each MoE layer, by disk name. */
  readonly buffers: ReadonlyMap<string, readonly number[]>;
}

const ALIGNMENT = 128;

/** Name in memory of a tensor on disk. */
function memoryName(diskName: string): string {
  return diskName.replace(/\.experts\.\d+\./, '.experts.').replace(/\.(gate|up)_proj\./, '.gate_up_proj.');
}

/** Where each tensor of a model lies. Expert tensors: gate_up (E, 2F, D) with gate rows first, down (E, D, F). */
export function parameterLayout(config: ModelConfig): ParameterLayout {
  const parts = new Map<string, { diskName: string; shape: readonly number[] }[]>();
  const buffers = new Map<string, readonly number[]>();
  for (const [diskName, shape] of expectedTensors(config)) {
    if (isBuffer(diskName)) {
      buffers.set(diskName, shape);
      continue;
    }
    const name = memoryName(diskName);
    parts.set(name, [...(parts.get(name) ?? []), { diskName, shape }]);
  }
  const specs = new Map<string, ParameterSpec>();
  let poolSize = 0;
  for (const [name, list] of parts) {
    let size = 0;
    const placed = list.map(({ diskName, shape }) => {
      const part = { diskName, shape, offset: size };
      size += numElements(shape);
      return part;
    });
    const [rows, ...rest] = (list[0] as Part).shape as [number, ...number[]];
    const isJoined = name.includes('.gate_up_proj.');
    const perExpert = [isJoined ? 2 * rows : rows, ...rest];
    const shape = name.includes('.experts.') ? [config.n_routed_experts, ...perExpert] : perExpert;
    specs.set(name, { name, shape, offset: poolSize, size, parts: placed });
    poolSize = Math.ceil((poolSize + size) / ALIGNMENT) * ALIGNMENT;
  }
  return { specs, poolSize, buffers };
}

/** Tensors on disk → the pool. Throws if one is missing (a checked folder has them all). */
export function packParameters(layout: ParameterLayout, tensors: ReadonlyMap<string, StoredTensor>): Float32Array {
  const pool = new Float32Array(layout.poolSize);
  for (const spec of layout.specs.values()) {
    for (const part of spec.parts) {
      const tensor = tensors.get(part.diskName);
      if (!tensor) throw new Error(`tensor '${part.diskName}' is missing`);
      pool.set(tensor.data, spec.offset + part.offset);
    }
  }
  return pool;
}

/** The pool → tensors on disk, in their order there. Works for weights, gradients and moments alike. */
export function unpackParameters(layout: ParameterLayout, pool: Float32Array): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const spec of layout.specs.values()) {
    for (const { diskName, shape, offset } of spec.parts) {
      const start = spec.offset + offset;
      tensors.set(diskName, { shape, data: pool.slice(start, start + numElements(shape)) });
    }
  }
  return tensors;
}

/** Fresh parameters as transformers makes them: normal with initializer_range; norms one; biases zero. */
export function initialTensors(config: ModelConfig, seed: number): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  let index = 0;
  for (const [name, shape] of expectedTensors(config)) {
    const draws = rng(seed, 'init', index++);
    const data = new Float32Array(numElements(shape));
    if (name.endsWith('norm.weight')) data.fill(1);
    else if (shape.length === 2)
      for (let i = 0; i < data.length; i++) data[i] = draws.normal() * config.initializer_range;
    tensors.set(name, { shape, data });
  }
  return tensors;
}
