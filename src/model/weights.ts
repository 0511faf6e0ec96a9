// A model's parameters on the device: the pool, its gradient where it is trained, the selection biases and expert loads.

import {
  type BufferRange,
  type Device,
  type DeviceBuffer,
  type Program,
  type Readback,
  whole,
} from '../device/contract';
import type { StoredTensor } from '../formats/huggingface/folder';
import type { Graph, Tensor } from '../graph/graph';
import { halve } from '../kernels/optimizer/adamw';
import { type Architecture, type ExpertsFeedForward, expertLayers } from './architecture';
import { checkHalfPrecision } from './halfPrecision';
import { selectionBiasName } from './parameterShapes';
import {
  type ParameterLayout,
  type ParameterSpec,
  packParameters,
  parameterLayout,
  unpackParameters,
} from './parameters';

const BYTES = 4;
const HALF_BYTES = 2;

export class Weights {
  readonly layout: ParameterLayout;
  readonly pool: DeviceBuffer;
  /** Present where the model is trained. */
  readonly gradient: DeviceBuffer | undefined;
  /** Per MoE layer, E numbers each, a row aligned for binding. */
  readonly #biases: DeviceBuffer;
  readonly #loads: DeviceBuffer;
  /** As #loads, since `clearStepLoads`: what the balancing of one step looks at. */
  readonly #stepLoads: DeviceBuffer;
  readonly #rowBytes: number;
  readonly moeLayers: readonly number[];
  readonly #experts: readonly { readonly layer: number; readonly experts: ExpertsFeedForward }[];
  /** The pool rounded to half precision, and what rounds it; there once a program was to read it. */
  #halves: { readonly buffer: DeviceBuffer; readonly program: Program } | undefined;
  #readsHalves = false;

  private constructor(
    readonly device: Device,
    readonly architecture: Architecture,
    isTrained: boolean,
    label: string,
  ) {
    this.layout = parameterLayout(architecture);
    this.#experts = expertLayers(architecture);
    this.moeLayers = this.#experts.map(({ layer }) => layer);
    const mostExperts = this.#experts.reduce((most, { experts }) => Math.max(most, experts.numExperts), 1);
    this.#rowBytes = Math.ceil((mostExperts * BYTES) / 256) * 256;
    const poolBytes = this.layout.poolSize * BYTES;
    const make = (name: string, bytes: number) => device.createBuffer(`${label}.${name}`, bytes);
    this.pool = make('pool', poolBytes);
    this.gradient = isTrained ? make('gradient', poolBytes) : undefined;
    const bufferBytes = this.#rowBytes * Math.max(1, this.moeLayers.length);
    this.#biases = make('biases', bufferBytes);
    this.#loads = make('loads', bufferBytes);
    this.#stepLoads = make('stepLoads', bufferBytes);
  }

  /** Allocates, for numbers still to come. Throws DeviceTooSmallError or OutOfMemoryError. */
  static allocate(device: Device, architecture: Architecture, isTrained: boolean, label = 'Weights'): Promise<Weights> {
    return device.guardMemory(() => new Weights(device, architecture, isTrained, label));
  }

  /** Allocates and uploads. Throws DeviceTooSmallError or OutOfMemoryError. */
  static async upload(
    device: Device,
    architecture: Architecture,
    tensors: ReadonlyMap<string, StoredTensor>,
    isTrained: boolean,
  ): Promise<Weights> {
    const weights = await Weights.allocate(device, architecture, isTrained);
    weights.write(tensors);
    return weights;
  }

  /**
   * Whether programs recorded from now on read the parameters in half precision (transformers' fp16). The pool itself stays in
   * f32: it is what is trained, saved and exported.
   * @throws HalfPrecisionError where the device has no half precision that works; OutOfMemoryError.
   */
  async setHalfPrecision(isHalf: boolean): Promise<void> {
    if (isHalf && !this.#halves) await this.#createHalves();
    this.#readsHalves = isHalf;
  }

  async #createHalves(): Promise<void> {
    await checkHalfPrecision(this.device);
    const { device } = this;
    const size = this.layout.poolSize;
    const buffer = await device.guardMemory(() => device.createBuffer('HalfWeights.pool', size * HALF_BYTES));
    const dispatch = halve<BufferRange>(size, { x: whole(this.pool), y: whole(buffer) });
    this.#halves = { buffer, program: await device.compile('Weights.halve', [dispatch]) };
    this.poolChanged();
  }

  /** The pool in half precision, for whoever writes to both; undefined while nobody reads it. */
  get halves(): DeviceBuffer | undefined {
    return this.#halves?.buffer;
  }

  /** To be called by whoever wrote to the pool and not to `halves`. */
  poolChanged(): void {
    this.#halves?.program.submit();
  }

  /** Replaces all parameters and buffers. */
  write(tensors: ReadonlyMap<string, StoredTensor>): void {
    this.device.write(this.pool, packParameters(this.layout, tensors));
    this.poolChanged();
    for (const layer of this.moeLayers) {
      const tensor = tensors.get(selectionBiasName(layer));
      if (!tensor) throw new Error(`parameter '${selectionBiasName(layer)}' is missing`);
      this.device.write(this.biasRange(layer), tensor.data);
    }
  }

  /** Every parameter by name, as of all work submitted so far. */
  async read(readback: Readback): Promise<Map<string, StoredTensor>> {
    const [pool, biases] = (await readback.read([whole(this.pool), whole(this.#biases)])) as [ArrayBuffer, ArrayBuffer];
    const tensors = unpackParameters(this.layout, new Float32Array(pool));
    this.#experts.forEach(({ layer, experts: { numExperts } }, i) => {
      const at = i * this.#rowBytes;
      const data = new Float32Array(biases.slice(at, at + BYTES * numExperts));
      tensors.set(selectionBiasName(layer), { shape: [numExperts], data });
    });
    return tensors;
  }

  /** Copies parameters and biases from a model of the same architecture. */
  copyFrom(source: Weights): void {
    this.device.transfer('Weights.copy', [
      { copy: whole(source.pool), to: whole(this.pool) },
      { copy: whole(source.#biases), to: whole(this.#biases) },
    ]);
    this.poolChanged();
  }

  /** A parameter by its name in memory (see ParameterSpec), for use in a graph; with its gradient if there is one. */
  parameter(g: Graph, name: string): Tensor {
    const spec = this.#spec(name);
    const range = (buffer: DeviceBuffer, bytes = BYTES) => ({
      buffer,
      offset: spec.offset * bytes,
      size: Math.max(16, Math.ceil(spec.size / 4) * 4 * bytes),
    });
    const gradient = this.gradient && range(this.gradient);
    const halves = this.#readHalves;
    return halves
      ? g.bind(name, spec.shape, range(halves, HALF_BYTES), gradient, true)
      : g.bind(name, spec.shape, range(this.pool), gradient);
  }

  /** All parameters as one tensor, for kernels that bind it once and find each at its `offsetOf`. */
  allParameters(g: Graph): Tensor {
    const halves = this.#readHalves;
    return g.bind('parameters', [this.layout.poolSize], whole(halves ?? this.pool), undefined, halves !== undefined);
  }

  /** What programs read instead of the pool. */
  get #readHalves(): DeviceBuffer | undefined {
    return this.#readsHalves ? this.#halves?.buffer : undefined;
  }

  shapeOf(name: string): readonly number[] {
    return this.#spec(name).shape;
  }

  /** Floats from the start of the pool to a parameter. */
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

  /** Counts by MoE layer, taken apart from `loadsRange`'s bytes. */
  unpackLoads(bytes: ArrayBuffer): { layer: number; counts: number[] }[] {
    return this.#experts.map(({ layer, experts: { numExperts } }, i) => ({
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
    for (const buffer of [this.pool, this.#biases, this.#loads, this.#stepLoads]) this.device.destroyBuffer(buffer);
    if (this.gradient) this.device.destroyBuffer(this.gradient);
    if (this.#halves) {
      this.device.destroyBuffer(this.#halves.buffer);
      this.#halves.program.destroy();
    }
  }
}
