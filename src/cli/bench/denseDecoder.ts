// The decoder that every engine can build: LLaMA's (RMSNorm, RoPE over whole heads, SwiGLU), small, its head tied to the
// embedding. Here with our operations; bench/peers has the same model for other engines.
import type { Device, DeviceBuffer } from '../../device/contract';
import type { Graph, Tensor } from '../../graph/graph';
import { attention } from '../../graph/operations/attention';
import { embed } from '../../graph/operations/embed';
import { linear } from '../../graph/operations/linear';
import { rmsNorm, swiglu } from '../../graph/operations/pointwise';
import { type RopeInputs, rope } from '../../graph/operations/rope';
import { latentShape } from '../../kernels/attention/attention';
import { rope as ropeKernel } from '../../kernels/attention/rope';
import { rng } from '../../lib/rng';
import type { ParameterPool } from '../../model/weights';

export interface DenseShape {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly headWidth: number;
  readonly hidden: number;
  readonly epsilon: number;
  readonly ropeTheta: number;
}

export const DENSE: DenseShape = {
  vocabulary: 64,
  width: 128,
  layers: 4,
  heads: 4,
  headWidth: 32,
  hidden: 512,
  epsilon: 1e-6,
  ropeTheta: 10000,
};

/** Of 4.2 M parameters, for graphics cards. */
export const DENSE_4M: DenseShape = { ...DENSE, vocabulary: 4096, width: 256, heads: 8, hidden: 680 };

const INITIAL_SCALE = 0.02;

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const numElements = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** Every tensor of the model by name, weights as (out, in); norms are one. The same for every engine. */
export function denseTensors(shape: DenseShape, seed: number): Map<string, NamedTensor> {
  const { vocabulary, width, layers, hidden } = shape;
  const shapes = new Map<string, readonly number[]>([['embedding', [vocabulary, width]]]);
  for (let layer = 0; layer < layers; layer++) {
    shapes.set(`${layer}.attention_norm`, [width]);
    for (const name of ['q', 'k', 'v', 'o']) shapes.set(`${layer}.${name}`, [width, width]);
    shapes.set(`${layer}.mlp_norm`, [width]);
    for (const name of ['gate', 'up']) shapes.set(`${layer}.${name}`, [hidden, width]);
    shapes.set(`${layer}.down`, [width, hidden]);
  }
  shapes.set('norm', [width]);
  return new Map(
    [...shapes].map(([name, shape], index) => {
      const draws = rng(seed, 'init', index);
      const draw = shape.length === 1 ? () => 1 : () => INITIAL_SCALE * draws.normal();
      return [name, { shape, data: Float32Array.from({ length: numElements(shape) }, draw) }];
    }),
  );
}

export function countDense({ vocabulary, width, layers, hidden }: DenseShape): number {
  return vocabulary * width + layers * (4 * width * width + 3 * width * hidden + 2 * width) + width;
}

/** As our operations want them: gate above up, and each head's key above its value. */
function joined(
  { width, heads, headWidth, layers, hidden }: DenseShape,
  tensors: ReadonlyMap<string, NamedTensor>,
): Map<string, NamedTensor> {
  const result = new Map([...tensors].filter(([name]) => !/\.(k|v|gate|up)$/.test(name)));
  const data = (name: string) => (tensors.get(name) as NamedTensor).data;
  const concatenated = (parts: readonly Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));
  for (let layer = 0; layer < layers; layer++) {
    const headOf = (name: string, head: number) =>
      data(`${layer}.${name}`).subarray(head * headWidth * width, (head + 1) * headWidth * width);
    const kv = Array.from({ length: heads }, (_, head) => [headOf('k', head), headOf('v', head)]).flat();
    result.set(`${layer}.kv`, { shape: [2 * width, width], data: concatenated(kv) });
    const gateUp = concatenated([data(`${layer}.gate`), data(`${layer}.up`)]);
    result.set(`${layer}.gate_up`, { shape: [2 * hidden, width], data: gateUp });
  }
  return result;
}

/** Floats; bindings start at multiples of 256 bytes. */
const ALIGNMENT = 64;

/** The parameters on the device, pooled as the optimizer wants them. */
export class DenseWeights {
  readonly pools: readonly [ParameterPool & { readonly gradient: DeviceBuffer }];
  readonly #places = new Map<string, { shape: readonly number[]; offset: number }>();

  constructor(
    private readonly device: Device,
    readonly shape: DenseShape,
    tensors: ReadonlyMap<string, NamedTensor>,
  ) {
    const parameters = joined(shape, tensors);
    let poolSize = 0;
    for (const [name, { shape }] of parameters) {
      this.#places.set(name, { shape, offset: poolSize });
      poolSize += Math.ceil(numElements(shape) / ALIGNMENT) * ALIGNMENT;
    }
    const weights = device.createBuffer('DenseWeights.pool', poolSize * 4);
    const gradient = device.createBuffer('DenseWeights.gradient', poolSize * 4);
    this.pools = [{ size: poolSize, weights, gradient, halves: undefined }];
    for (const [name, { data }] of parameters) device.write(weights, data, 4 * this.#place(name).offset);
  }

  #place(name: string) {
    const place = this.#places.get(name);
    if (!place) throw new Error(`the dense decoder has no parameter '${name}'`);
    return place;
  }

  parameter(g: Graph, name: string): Tensor {
    const { shape, offset } = this.#place(name);
    const range = (buffer: DeviceBuffer) => ({ buffer, offset: offset * 4, size: numElements(shape) * 4 });
    const [{ weights, gradient }] = this.pools;
    return g.bind(name, shape, range(weights), range(gradient));
  }

  destroy(): void {
    const [{ weights, gradient }] = this.pools;
    for (const buffer of [weights, gradient]) this.device.destroyBuffer(buffer);
  }
}

/**
 * Turns the keys of kv (N, H, key | value), whose values stay. The kernel turns the end of a head, so the heads it sees are
 * shifted: the first key, then value and next key as one head, then the last value.
 */
function ropeKeys(g: Graph, { heads, headWidth }: DenseShape, kv: Tensor, r: RopeInputs): Tensor {
  const [rows, stride] = kv.shape as [number, number];
  const pieces = [
    { heads: 1, headWidth, rope: headWidth, offset: 0 },
    { heads: heads - 1, headWidth: 2 * headWidth, rope: headWidth, offset: headWidth },
    { heads: 1, headWidth, rope: 0, offset: stride - headWidth },
  ];
  const turn = (x: Tensor, y: Tensor, isBackward: boolean) =>
    pieces.map(({ offset, ...piece }) =>
      ropeKernel(
        {
          rows,
          ...piece,
          xStride: stride,
          xOffset: offset,
          yStride: stride,
          yOffset: offset,
          isInterleaved: r.isInterleaved,
          isBackward,
        },
        { x, table: r.table, positions: r.positions, y },
      ),
    );
  const y = g.tensor('turned keys', kv.shape);
  g.emit(...turn(kv, y, false));
  g.onBackward([y], (dy) => {
    const dkv = g.tensor(`d ${kv.label}`, kv.shape);
    g.emit(...turn(dy, dkv, true));
    g.addGradient(kv, dkv);
  });
  return y;
}

/** Records the forward pass over packed ids (N), with `spans` as in a PackedBatch, up to the final norm (N, D). */
export function denseForward(
  g: Graph,
  weights: DenseWeights,
  inputs: { ids: Tensor; spans: Tensor; rope: RopeInputs },
): Tensor {
  const { layers, heads, headWidth, epsilon } = weights.shape;
  const rows = inputs.ids.size;
  const embedding = weights.parameter(g, 'embedding');
  const shape = latentShape({ rows, heads, nope: headWidth, rope: 0, value: headWidth, scale: headWidth ** -0.5 });
  // The heads share no key, as they would in MLA.
  const noSharedKey = g.tensor('no shared key', [rows, 0]);
  let h = embed(g, inputs.ids, embedding);
  for (let layer = 0; layer < layers; layer++) {
    const parameter = (name: string) => weights.parameter(g, `${layer}.${name}`);
    const project = (name: string, x: Tensor, residual?: Tensor) => linear(g, name, x, parameter(name), residual);
    const x = rmsNorm(g, h, parameter('attention_norm'), epsilon);
    const q = rope(g, project('q', x), { heads, headWidth, rope: headWidth }, inputs.rope);
    const kv = ropeKeys(g, weights.shape, project('kv', x), inputs.rope);
    h = project('o', attention(g, shape, q, kv, noSharedKey, inputs.spans), h);
    const hidden = swiglu(g, project('gate_up', rmsNorm(g, h, parameter('mlp_norm'), epsilon)));
    h = project('down', hidden, h);
  }
  return rmsNorm(g, h, weights.parameter(g, 'norm'), epsilon);
}
