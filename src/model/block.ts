// What every kind of block has, side by side in its own file: its parameters, its form over packed texts (training and
// prefill), its form for one new token a row (decode), what it caches and what it costs. Blocks see a model only
// through the interfaces here.
import type { Graph, Tensor } from '../graph/graph';
import { attention } from '../graph/operations/attention';
import type { Routing } from '../graph/operations/experts';
import { bias, linear } from '../graph/operations/linear';
import { rmsNorm } from '../graph/operations/pointwise';
import type { RopeInputs } from '../graph/operations/rope';
import type { AttentionShape } from '../kernels/attention/attention';
import type { DecodeLinearShape, DecodeMatrix, DecodeNorm, ExpertsShape } from '../kernels/matmul/decodeLinear';
import { numElements } from '../lib/tensors/storedTensor';
import type { Rope } from './architecture';

/** A parameter by its name within a block, weights as (out, in). */
export interface BlockParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** What it lies in in memory, after the parts before it; itself, if not given. */
  readonly within?: { readonly name: string; readonly shape: readonly number[] };
}

/** What the routers of a layer read and count, (E) each. */
export interface RouterTensors {
  readonly bias: Tensor;
  /** Tokens sent to each expert since they were last cleared, and in this step. */
  readonly load: Tensor;
  readonly stepLoad: Tensor;
}

interface LayerMemory {
  readonly g: Graph;
  /** Rows of the block's input. */
  readonly rows: number;
  /** (1): how many rows are tokens; the rest is padding and goes to no expert. */
  readonly numTokens: Tensor;
  /** Whether the block has a parameter. */
  has(name: string): boolean;
  router(numExperts: number): RouterTensors;
}

/** What attention compares: see graph/operations/attention.ts. */
export interface Compared {
  readonly shape: AttentionShape;
  readonly q: Tensor;
  readonly kv: Tensor;
  readonly kRope: Tensor;
}

/** A pass over packed texts, as one block of a layer sees it. */
export interface LayerPass extends LayerMemory {
  /** (N, 4) of a PackedBatch. */
  readonly spans: Tensor;
  /** The layer's cache in a prefill, which a row of each token goes into. */
  readonly cache: Tensor | undefined;
  parameter(name: string): Tensor;
  rope(rope: Rope): RopeInputs;
  /** Called with the choice of experts, for whoever looks at it. */
  onRouting(routing: Routing): void;
  /** Called with queries and keys, likewise. */
  onAttention(compared: Compared): void;
}

/** Where a parameter starts in the pool that it lies in. */
export interface PlacedParameter {
  /** Within the whole model. */
  readonly name: string;
  readonly at: number;
}

export type StepMatrix = DecodeMatrix & PlacedParameter & { readonly depth: number };
export type StepNorm = DecodeNorm & PlacedParameter;
export type StepExperts = ExpertsShape & { readonly shared?: PlacedParameter | undefined };

export interface StepLinearOptions extends Pick<DecodeLinearShape, 'xStride' | 'isGated'> {
  readonly norm?: StepNorm;
  readonly experts?: StepExperts;
  readonly residual?: Tensor;
  /** By which the result's rows are sorted by expert, each of which has its own matrix. */
  readonly sorted?: { readonly order: Tensor; readonly tileKey: Tensor; readonly places: number };
  /** Whether x is not sorted but has a row a rollout. */
  readonly gathers?: boolean;
}

/** One decode step, as one block of a layer sees it. */
export interface LayerStep extends LayerMemory {
  /** The pool of parameters that these lie in, each from its `place` on. */
  poolWith(...names: readonly string[]): Tensor;
  /** Where each row stands. */
  readonly places: Tensor;
  readonly cache: Tensor;
  /** The most keys that a row can have. */
  readonly maxKeys: number;
  /** Whether there are so many rows that those of an expert are put together. */
  readonly hasMany: boolean;
  /** Whether projections take numbers of eight bits, as weights of eight bits ask for. */
  readonly isFp8: boolean;
  place(name: string): PlacedParameter;
  /** (positions, rope/2) of (cos, sin). */
  ropeTable(rope: Rope): Tensor;
  norm(name: string, epsilon: number): StepNorm;
  /** A projection, or each expert's, by its name without `.weight`. */
  matrix(name: string): StepMatrix;
  /** Projections that lie one after the other in memory, biases too, as one; undefined where they do not. */
  joinedMatrix(names: readonly string[]): StepMatrix | undefined;
  linear(label: string, x: Tensor, matrices: readonly [StepMatrix, StepMatrix?], options?: StepLinearOptions): Tensor;
}

/** What a token costs a block. */
export interface BlockCost {
  /** Parameters that it passes through: two floating-point operations each, going forward. */
  readonly active: number;
  /** Products for each key that it attends to, in the form over packed texts: two operations each, going forward. */
  readonly perKey: number;
  /** Keys that it attends to at most; all before it, if not given. */
  readonly mostKeys?: number | undefined;
  /** Bytes that it leaves in the layer's cache. */
  readonly cacheBytes: number;
}

/** A kind of block with sizes S; epsilon is that of the norm before it. */
export interface Block<S> {
  /** In the order in which they are stored; the norm before the block is the first. */
  parameters(sizes: S, width: number): BlockParameter[];
  cost(sizes: S, width: number): BlockCost;
  /** h (N, D) + the block of the normed h. */
  forward(pass: LayerPass, sizes: S, epsilon: number, h: Tensor): Tensor;
  /** The same for one new token a row (B, D). */
  decode(step: LayerStep, sizes: S, epsilon: number, h: Tensor): Tensor;
}

export function countElements(parameters: readonly BlockParameter[]): number {
  return parameters.reduce((sum, { shape }) => sum + numElements(shape), 0);
}

/** residual + x·Wᵀ + bias, the first and the last where there are any. */
export function project(pass: LayerPass, name: string, x: Tensor, residual?: Tensor): Tensor {
  const { g } = pass;
  const y = linear(g, name, x, pass.parameter(`${name}.weight`), residual);
  const biasName = `${name}.bias`;
  return pass.has(biasName) ? bias(g, biasName, y, pass.parameter(biasName)) : y;
}

export function norm(pass: LayerPass, name: string, x: Tensor, epsilon: number): Tensor {
  return rmsNorm(pass.g, x, pass.parameter(`${name}.weight`), epsilon);
}

/** A projection of `columns` from `depth` numbers. */
export function projection(name: string, columns: number, depth: number, hasBias = false): BlockParameter[] {
  const weight = { name: `${name}.weight`, shape: [columns, depth] };
  return hasBias ? [weight, { name: `${name}.bias`, shape: [columns] }] : [weight];
}

export function normParameter(name: string, width: number): BlockParameter {
  return { name: `${name}.weight`, shape: [width] };
}

/** Attention of a block over packed texts, shown to whoever looks. */
export function attend(pass: LayerPass, compared: Compared): Tensor {
  pass.onAttention(compared);
  const { shape, q, kv, kRope } = compared;
  return attention(pass.g, shape, q, kv, kRope, pass.spans);
}
