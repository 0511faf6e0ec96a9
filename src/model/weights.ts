// A model's parameters on the device: in pools, with their gradients where it is trained; the selection biases and expert loads.
import { type BufferRange, type Device, type DeviceBuffer, type Readback, whole } from '../device/contract';
import type { Dispatch } from '../device/dispatch';
import type { DeviceDtype, Graph, Tensor } from '../graph/graph';
import {
  type ElementRange,
  type FloatTensor,
  floatTensor,
  numElements,
  pieces,
  type StoredTensor,
} from '../lib/tensors/storedTensor';
import { type Architecture, type ExpertsFeedForward, expertLayers } from './architecture';
import { isMultiplied, selectionBiasName } from './parameterShapes';
import {
  flatten,
  type ParameterLayout,
  type ParameterSpec,
  parameterLayout,
  unflatten,
  unpackParameters,
} from './parameters';
import type { WeightPrecision } from './precision';
import { copyInFp8, copyInHalves, type WeightCopy } from './weightCopies';

const BYTES = 4;
/** Written to the device and perhaps not there yet: until it is, the bytes lie in memory of the program's own. */
const MAX_UNFINISHED_BYTES = 2 ** 26;

/** Parameters in one buffer, and what lies beside them number by number. */
export interface ParameterPool {
  /** Numbers, padding included. */
  readonly size: number;
  readonly weights: DeviceBuffer;
  /** Present where the model is trained. */
  readonly gradient: DeviceBuffer | undefined;
  /** The weights rounded to half precision, for whoever writes to both; undefined while nobody reads them. */
  readonly halves: DeviceBuffer | undefined;
  /** What whoever writes to the weights does next, so that their copy in eight bits is theirs. */
  readonly rounding: readonly Dispatch<BufferRange>[];
}

export class Weights {
  readonly layout: ParameterLayout;
  #pools: readonly ParameterPool[];
  /** Per MoE layer, E numbers each, a row aligned for binding. */
  readonly #biases: DeviceBuffer;
  readonly #loads: DeviceBuffer;
  /** As #loads, since `clearStepLoads`: what the balancing of one step looks at. */
  readonly #stepLoads: DeviceBuffer;
  readonly #rowBytes: number;
  readonly moeLayers: readonly number[];
  readonly #experts: readonly { readonly layer: number; readonly experts: ExpertsFeedForward }[];
  /** Copies of the pools; there once a program was to read them so. */
  readonly #copies = new Map<WeightPrecision, WeightCopy>();
  #precision: WeightPrecision = 'f32';

  private constructor(
    readonly device: Device,
    readonly architecture: Architecture,
    isTrained: boolean,
    label: string,
  ) {
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
    this.layout = parameterLayout(architecture, Math.min(maxBufferSize, maxStorageBufferBindingSize) / BYTES);
    this.#experts = expertLayers(architecture);
    this.moeLayers = this.#experts.map(({ layer }) => layer);
    const mostExperts = this.#experts.reduce((most, { experts }) => Math.max(most, experts.numExperts), 1);
    this.#rowBytes = Math.ceil((mostExperts * BYTES) / 256) * 256;
    const make = (name: string, bytes: number) => device.createBuffer(`${label}.${name}`, bytes);
    const pools: ParameterPool[] = [];
    // The largest first: where it is too large, nothing is allocated.
    for (const [i, size] of [...this.layout.poolSizes.entries()].sort(([, a], [, b]) => b - a)) {
      const weights = make(`pool:${i}`, size * BYTES);
      const gradient = isTrained ? make(`gradient:${i}`, size * BYTES) : undefined;
      pools[i] = { size, weights, gradient, halves: undefined, rounding: [] };
    }
    this.#pools = pools;
    const bufferBytes = this.#rowBytes * Math.max(1, this.moeLayers.length);
    this.#biases = make('biases', bufferBytes);
    this.#loads = make('loads', bufferBytes);
    this.#stepLoads = make('stepLoads', bufferBytes);
  }

  /** As many as the device's limit on a binding asks for. */
  get pools(): readonly ParameterPool[] {
    return this.#pools;
  }

  get isTrained(): boolean {
    return this.#pools.every(({ gradient }) => gradient !== undefined);
  }

  /** Allocates, for numbers still to come. Throws DeviceTooSmallError or OutOfMemoryError. */
  static allocate(device: Device, architecture: Architecture, isTrained: boolean, label = 'Weights'): Promise<Weights> {
    return device.guardMemory(() => new Weights(device, architecture, isTrained, label));
  }

  /**
   * Allocates and uploads. Rejects with DeviceTooSmallError or OutOfMemoryError before anything is read, and with what
   * reading a tensor rejects with; nothing stays on the device then.
   */
  static async upload(
    device: Device,
    architecture: Architecture,
    tensors: ReadonlyMap<string, StoredTensor>,
    isTrained: boolean,
  ): Promise<Weights> {
    const weights = await Weights.allocate(device, architecture, isTrained);
    try {
      await weights.write(tensors);
    } catch (error) {
      weights.destroy();
      throw error;
    }
    return weights;
  }

  /**
   * How programs recorded from now on read the parameters. The pool itself stays in f32: it is what is trained, saved and
   * exported.
   * @throws HalfPrecisionError where the device has no half precision that works; OutOfMemoryError.
   */
  async setPrecision(precision: WeightPrecision): Promise<void> {
    if (precision === 'fp16' && !this.#copies.has(precision)) {
      const copy = await copyInHalves(this.device, this.#pools);
      this.#pools = this.#pools.map((pool, i) => ({ ...pool, halves: copy.buffers[i] }));
      this.#add(precision, copy);
    }
    if (precision === 'fp8' && !this.#copies.has(precision)) {
      const copy = await copyInFp8(this.device, this.#pools, this.layout);
      this.#pools = this.#pools.map((pool, i) => ({ ...pool, rounding: copy.dispatches[i] ?? [] }));
      this.#add(precision, copy);
    }
    this.#precision = precision;
  }

  #add(precision: WeightPrecision, copy: WeightCopy): void {
    this.#copies.set(precision, copy);
    copy.program.submit();
  }

  /** How programs recorded now read the parameters. */
  get precision(): WeightPrecision {
    return this.#precision;
  }

  /** To be called by whoever wrote to the pools' weights and not to their copies. */
  poolsChanged(): void {
    for (const { program } of this.#copies.values()) program.submit();
  }

  /**
   * Replaces all parameters and buffers, in the order of `tensors`: read in pieces, widened to f32 and handed to the
   * device one by one.
   * Throws if one is missing (a checked folder has them all); rejects with what reading one rejects with.
   */
  async write(tensors: ReadonlyMap<string, StoredTensor>): Promise<void> {
    const places = this.#places();
    for (const name of places.keys()) if (!tensors.has(name)) throw new Error(`parameter '${name}' is missing`);
    let unfinishedBytes = 0;
    for (const [name, tensor] of tensors) {
      const place = places.get(name);
      if (!place) continue;
      for await (const { start, values } of pieces(tensor)) {
        this.device.write(place, values, start * BYTES);
        unfinishedBytes += values.byteLength;
      }
      if (unfinishedBytes < MAX_UNFINISHED_BYTES) continue;
      await this.device.idle();
      unfinishedBytes = 0;
    }
    this.poolsChanged();
  }

  /** Layers whose experts are chosen with a selection bias. */
  get #biased() {
    return this.#experts.filter(({ experts }) => experts.hasSelectionBias);
  }

  /** Where each parameter starts on the device, by its name. */
  #places(): Map<string, BufferRange> {
    const places = new Map<string, BufferRange>();
    for (const spec of this.layout.specs.values()) {
      for (const { name, offset } of spec.parts)
        places.set(name, { buffer: this.#poolOf(spec).weights, offset: (spec.offset + offset) * BYTES, size: 0 });
    }
    for (const { layer } of this.#biased) places.set(selectionBiasName(layer), this.biasRange(layer));
    return places;
  }

  /** Every parameter by name, as of all work submitted so far. */
  async read(readback: Readback): Promise<Map<string, FloatTensor>> {
    const [biases] = (await readback.read([whole(this.#biases)])) as [ArrayBuffer];
    const tensors = unpackParameters(this.layout, await this.#readPools(readback, 'weights'));
    for (const { layer, experts } of this.#biased) {
      const at = this.biasRange(layer).offset;
      const values = new Float32Array(biases.slice(at, at + BYTES * experts.numExperts));
      tensors.set(selectionBiasName(layer), floatTensor([experts.numExperts], values));
    }
    return tensors;
  }

  /**
   * Every parameter by name, each to be read from the device when it is asked for: as it is then. For a model that is larger than
   * JavaScript's memory.
   */
  stored(readback: Readback): Map<string, StoredTensor> {
    const tensors = new Map<string, StoredTensor>();
    const places = this.#places();
    const shapes = [...this.layout.specs.values()].flatMap(({ parts }) => parts);
    const biases = this.#biased.map(({ layer, experts: { numExperts } }) => ({
      name: selectionBiasName(layer),
      shape: [numExperts],
    }));
    for (const { name, shape } of [...shapes, ...biases]) {
      const { buffer, offset } = places.get(name) as BufferRange;
      const read = async ({ start, end }: ElementRange = { start: 0, end: numElements(shape) }) => {
        const range = { buffer, offset: offset + start * BYTES, size: (end - start) * BYTES };
        return new Uint8Array((await readback.read([range]))[0] as ArrayBuffer);
      };
      tensors.set(name, { dtype: 'F32', shape, read });
    }
    return tensors;
  }

  /** The gradient of every parameter by name. */
  async readGradients(readback: Readback): Promise<Map<string, FloatTensor>> {
    return unpackParameters(this.layout, await this.#readPools(readback, 'gradient'));
  }

  /** The parameters as if in one pool: the form of snapshots, whatever the device. */
  async readFlat(readback: Readback): Promise<Float32Array> {
    return flatten(this.layout, await this.#readPools(readback, 'weights'));
  }

  writeFlat(flat: Float32Array): void {
    for (const [i, values] of unflatten(this.layout, flat).entries())
      this.device.write((this.#pools[i] as ParameterPool).weights, values);
    this.poolsChanged();
  }

  async #readPools(readback: Readback, what: 'weights' | 'gradient'): Promise<Float32Array[]> {
    const pools: Float32Array[] = [];
    // One at a time: a staging buffer of all might be larger than a buffer may be.
    for (const pool of this.#pools) pools.push(await readback.readF32(whole(pool[what] as DeviceBuffer)));
    return pools;
  }

  /** Copies parameters and biases from a model of the same architecture on the same device. */
  copyFrom(source: Weights): void {
    const buffers = (weights: Weights) => [...weights.pools.map((pool) => pool.weights), weights.#biases];
    const own = buffers(this);
    const transfers = buffers(source).map((buffer, i) => ({
      copy: whole(buffer),
      to: { buffer: own[i] as DeviceBuffer, offset: 0 },
    }));
    this.device.transfer('Weights.copy', transfers);
    this.poolsChanged();
  }

  /** A parameter by its name in memory (see ParameterSpec), for use in a graph; with its gradient if there is one. */
  parameter(g: Graph, name: string): Tensor {
    const spec = this.#spec(name);
    const { gradient } = this.#poolOf(spec);
    const { buffer, bytes, dtype } = this.#readingOf(spec);
    const range = (buffer: DeviceBuffer, bytes: number) => ({
      buffer,
      offset: spec.offset * bytes,
      size: Math.max(16, Math.ceil(spec.size / 4) * 4 * bytes),
    });
    const own = dtype === 'e4m3' && !isMultiplied(name) ? 'f32' : dtype;
    return g.bind(name, spec.shape, range(buffer, bytes), gradient && range(gradient, BYTES), own);
  }

  /**
   * All parameters of the pool that these lie in, as one tensor, for kernels that bind it once and find each at its `offsetOf`.
   * Throws if they are in several pools: what a kernel reads together is one unit of the layout.
   */
  poolWith(g: Graph, ...names: readonly string[]): Tensor {
    const [first, ...others] = names.map((name) => this.#spec(name)) as [ParameterSpec, ...ParameterSpec[]];
    for (const { name, pool } of others)
      if (pool !== first.pool) throw new Error(`'${first.name}' and '${name}' are read together but lie in two pools`);
    const { buffer, dtype } = this.#readingOf(first);
    return g.bind('parameters', [this.#poolOf(first).size], whole(buffer), undefined, dtype);
  }

  /** What programs read of the pool that a parameter lies in. */
  #readingOf(spec: ParameterSpec): { buffer: DeviceBuffer; bytes: number; dtype: DeviceDtype } {
    const { dtype, bytes, buffers } = this.#copies.get(this.#precision) ?? {
      ...({ dtype: 'f32', bytes: BYTES } as const),
      buffers: this.#pools.map(({ weights }) => weights),
    };
    return { dtype, bytes, buffer: buffers[spec.pool] as DeviceBuffer };
  }

  #poolOf({ pool }: ParameterSpec): ParameterPool {
    return this.#pools[pool] as ParameterPool;
  }

  shapeOf(name: string): readonly number[] {
    return this.#spec(name).shape;
  }

  /** Floats from the start of its pool to a parameter. */
  offsetOf(name: string): number {
    return this.#spec(name).offset;
  }

  has(name: string): boolean {
    return this.layout.specs.has(name);
  }

  biasRange(layer: number): BufferRange {
    return this.#row(this.#biases, layer);
  }

  /** Tokens sent to each expert of a layer since `clearLoads`. */
  loadRange(layer: number): BufferRange {
    return this.#row(this.#loads, layer);
  }

  /** As loadRange, since `clearStepLoads`. */
  stepLoadRange(layer: number): BufferRange {
    return this.#row(this.#stepLoads, layer);
  }

  clearStepLoads(): void {
    this.#clear(this.#stepLoads);
  }

  clearLoads(): void {
    this.#clear(this.#loads);
  }

  #clear(buffer: DeviceBuffer): void {
    this.device.transfer('Weights.clear', [{ clear: whole(buffer) }]);
  }

  /** Counts by MoE layer of the model's own, taken apart from `loadsRange`'s bytes. */
  unpackLoads(bytes: ArrayBuffer): { layer: number; counts: number[] }[] {
    const own = this.#experts.filter(({ layer }) => layer < this.architecture.layers.length);
    return own.map(({ layer, experts: { numExperts } }, i) => ({
      layer,
      counts: [...new Uint32Array(bytes, i * this.#rowBytes, numExperts)],
    }));
  }

  get loadsRange(): BufferRange {
    return whole(this.#loads);
  }

  #spec(name: string): ParameterSpec {
    const spec = this.layout.specs.get(name);
    if (!spec) throw new Error(`there is no parameter '${name}'`);
    return spec;
  }

  #row(buffer: DeviceBuffer, layer: number): BufferRange {
    const index = this.moeLayers.indexOf(layer);
    if (index < 0) throw new Error(`layer ${layer} has no experts`);
    return { buffer, offset: index * this.#rowBytes, size: this.#rowBytes };
  }

  destroy(): void {
    const pooled = this.#pools.flatMap(({ weights, gradient }) => [weights, gradient]);
    for (const buffer of [...pooled, this.#biases, this.#loads, this.#stepLoads])
      if (buffer) this.device.destroyBuffer(buffer);
    for (const { program, owned } of this.#copies.values()) {
      program.destroy();
      for (const buffer of owned) this.device.destroyBuffer(buffer);
    }
  }
}
