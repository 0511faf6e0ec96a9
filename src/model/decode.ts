// Prefill and one decode step as graphs. Prefill is the full forward pass; a decode step has kernels of its own, since for a few
// rows a layer costs as much as it has dispatches.
import { type DeviceBuffer, whole } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';
import { beside } from '../graph/operations/beside';
import { rmsNorm as recordNorm } from '../graph/operations/pointwise';
import { decodeColumns, decodeLinear } from '../kernels/matmul/decodeLinear';
import { rmsNorm } from '../kernels/norm/rmsNorm';
import { fp8Rows } from '../kernels/quantization/fp8';
import { decodeBegin, decodeLive, ROW_WORDS, sample } from '../kernels/sampling/decode';
import { draftBegin, draftChoose } from '../kernels/sampling/draft';
import type { LayerStep, StepLinearOptions, StepMatrix } from './block';
import { type LayerBlocks, layerBlocks, mtpBlocks, type SizedBlock } from './blocks';
import type { DecodeState, DraftState } from './decodeState';
import { forwardMtp } from './mtp';
import { forward, routerTensors } from './network';
import type { BatchTensors } from './packedBatch';
import { headName, isMultiplied, mtpPrefix } from './parameterShapes';
import type { RopeTables } from './ropeTables';
import type { Weights } from './weights';

/**
 * From so many rollouts on, an expert has enough rows that sorting them and multiplying them in tiles, as the full forward pass
 * does, costs less than a row at a time. Processor time of 48 steps of the shipped model (8 experts, 2 a row), sorted against a
 * row at a time: lavapipe 128 and 84 ms for 4 rollouts, 188 and 204 for 16, 265 and 339 for 32, 465 and 790 for 64; on
 * SwiftShader 350 and 355, 716 and 797, 1186 and 1463, 2690 and 2790 (sorted rows had nineteen dispatches a layer then; with
 * twelve, 16 rollouts take a twelfth less time sorted). Not measured on graphics hardware, which pays more for a dispatch and
 * may gain longer. What counts is the most rollouts that a generator may have, not those still live, so that a row's bits do
 * not depend on the others.
 */
const MANY_ROLLOUTS = 32;

/**
 * Records the prompts' pass: what attention needs of every prompt token goes into the caches at the token's place in
 * the batch.
 */
export function recordPrefill(
  g: Graph,
  weights: Weights,
  state: DecodeState,
  batch: BatchTensors,
  tables: RopeTables,
): void {
  const hooks = { cacheOf: (layer: number) => cacheOf(g, state, layer) };
  const hidden = forward(g, weights, batch, tables, hooks);
  if (!state.drafts) return;
  const embedding = weights.parameter(g, 'embedding.weight');
  forwardMtp(g, weights, batch, tables, { hidden, embedding }, hooks);
}

/**
 * Records one step for `rows` live rollouts: read a token each, draw the next. Returns the logits (rows, V). Where the state
 * drafts, a rollout has two rows: the second reads the token that was drafted after the first, and draws where the first drew
 * that very token.
 */
export function recordDecodeStep(
  g: Graph,
  weights: Weights,
  state: DecodeState,
  rows: number,
  tables: RopeTables,
): Tensor {
  return new DecodeStep(g, weights, state, state.drafts ? 2 * rows : rows, tables).record();
}

function bindWhole(g: Graph, label: string, buffer: DeviceBuffer): Tensor {
  return g.bind(label, [buffer.size / 4], whole(buffer));
}

function cacheOf(g: Graph, state: DecodeState, layer: number): Tensor {
  return bindWhole(g, 'cache', state.caches[layer] as DeviceBuffer);
}

class DecodeStep {
  readonly #rollouts: Tensor;
  /** Rollout of each row, and how many rows have one. */
  readonly #live: Tensor;
  readonly #numLive: Tensor;
  /** Where each row stands. */
  readonly #places: Tensor;

  constructor(
    private readonly g: Graph,
    private readonly weights: Weights,
    private readonly state: DecodeState,
    private readonly rows: number,
    private readonly tables: RopeTables,
  ) {
    this.#rollouts = bindWhole(g, 'rollouts', state.rollouts);
    this.#live = bindWhole(g, 'live', state.live);
    this.#numLive = bindWhole(g, 'num live', state.numLive);
    this.#places = g.tensor('places', [rows, ROW_WORDS]);
  }

  record(): Tensor {
    const { architecture } = this.weights;
    let h = this.#begin();
    for (const layer of layerBlocks(architecture)) h = this.#layer(layer, h);
    const logits = this.#logits(h, 'norm.weight', architecture.epsilon);
    const { drafts } = this.state;
    if (!drafts) {
      this.#sample(logits, { rows: this.rows, stride: 1, first: 0 });
      return logits;
    }
    this.#sample(logits, { rows: this.rows / 2, stride: 2, first: 0 });
    this.#sample(logits, { rows: this.rows / 2, stride: 2, first: 1 }, bindWhole(this.g, 'drafts', drafts.tokens));
    this.#draft(drafts, h);
    return logits;
  }

  get #isFp8(): boolean {
    return this.weights.precision === 'fp8';
  }

  #layer({ attention, feedForward }: LayerBlocks, h: Tensor): Tensor {
    return feedForward.decode(this.#stepOf(feedForward), attention.decode(this.#stepOf(attention), h));
  }

  #logits(h: Tensor, normName: string, epsilon: number): Tensor {
    const head = this.#matrix(headName(this.weights.architecture).replace(/\.weight$/, ''));
    const norm = { name: normName, at: this.weights.offsetOf(normName), epsilon };
    return this.#linear('logits', h, [head], { norm });
  }

  /** The module for further tokens (mtp.ts) reads what the step drew and drafts the token after that. */
  #draft(drafts: DraftState, h: Tensor): void {
    const { g, rows, weights, state } = this;
    const { architecture } = weights;
    const { width, vocabulary } = architecture;
    const [blocks, epsilon] = [mtpBlocks(architecture), architecture.mtp?.epsilon];
    if (!blocks || epsilon === undefined) throw new Error('the model has no module that predicts further tokens');
    const prefix = `${mtpPrefix(architecture)}mtp.`;
    const next = g.tensor('next embedding', [rows, width]);
    const tokens = bindWhole(g, 'drafts', drafts.tokens);
    const known = { live: this.#live, places: this.#places, rollouts: this.#rollouts, drafts: tokens };
    g.emit(
      draftBegin(
        { rows, width, tableAt: weights.offsetOf('embedding.weight'), maxNewTokens: state.capacity.maxNewTokens },
        {
          ...known,
          pool: weights.poolWith(g, 'embedding.weight'),
          y: next,
          outcomes: bindWhole(g, 'draft outcomes', drafts.outcomes),
        },
      ),
    );
    const normed = (x: Tensor, name: string, of: number) => recordNorm(g, x, weights.parameter(g, name), of);
    const hidden = normed(h, 'norm.weight', architecture.epsilon);
    const x = beside(
      g,
      normed(next, `${prefix}embeddingNorm.weight`, epsilon),
      normed(hidden, `${prefix}hiddenNorm.weight`, epsilon),
    );
    const joined = this.#linear('mtp join', x, [this.#matrix(`${prefix}join`)]);
    const logits = this.#logits(this.#layer(blocks, joined), `${prefix}norm.weight`, epsilon);
    const settings = bindWhole(g, 'sample settings', state.settings);
    g.emit(draftChoose({ rows: rows / 2, vocabulary }, { ...known, settings, logits }));
  }

  #stepOf({ layer, prefix }: SizedBlock): LayerStep {
    const { g, rows, state, weights, tables } = this;
    const { rollouts, promptTokens, maxNewTokens } = state.capacity;
    const place = (name: string) => ({ name: prefix + name, at: weights.offsetOf(prefix + name) });
    return {
      g,
      rows,
      numTokens: this.#numLive,
      poolWith: (...names) => weights.poolWith(g, ...names.map((name) => prefix + name)),
      places: this.#places,
      cache: cacheOf(g, state, layer),
      maxKeys: promptTokens + maxNewTokens + (state.drafts ? 1 : 0),
      // What multiplies a row at a time rounds none of what goes through it.
      hasMany: rollouts >= MANY_ROLLOUTS || this.#isFp8,
      isFp8: this.#isFp8,
      has: (name) => weights.has(prefix + name),
      place,
      ropeTable: (rope) => tables.tensor(g, rope),
      router: (numExperts) => routerTensors(g, weights, layer, numExperts),
      norm: (name, epsilon) => ({ ...place(name), epsilon }),
      matrix: (name) => this.#matrix(prefix + name),
      joinedMatrix: (names) => this.#joinedMatrix(names.map((name) => prefix + name)),
      linear: (label, x, matrices, options) => this.#linear(label, x, matrices, options),
    };
  }

  #begin(): Tensor {
    const { g, rows, state, weights } = this;
    const { width } = weights.architecture;
    const y = g.tensor('embedding', [rows, width]);
    const live = { live: this.#live, num_live: this.#numLive };
    g.emit(decodeLive(rows, { chosen: bindWhole(g, 'chosen', state.chosen), rollouts: this.#rollouts, ...live }));
    const tableAt = weights.offsetOf('embedding.weight');
    g.emit(
      decodeBegin(
        { rows, width, tableAt },
        {
          live: this.#live,
          rollouts: this.#rollouts,
          pool: weights.poolWith(g, 'embedding.weight'),
          places: this.#places,
          y,
          ...(state.drafts && { drafts: bindWhole(g, 'drafts', state.drafts.tokens) }),
        },
      ),
    );
    return y;
  }

  /** @param of the rows that are drawn from. @param drafts where only those go on that drew their draft. */
  #sample(logits: Tensor, of: { rows: number; stride: number; first: number }, drafts?: Tensor): void {
    const { g, state, weights } = this;
    g.emit(
      sample(
        {
          ...of,
          vocabulary: weights.architecture.vocabulary,
          maxNewTokens: state.capacity.maxNewTokens,
        },
        {
          settings: bindWhole(g, 'sample settings', state.settings),
          live: this.#live,
          logits,
          rollouts: this.#rollouts,
          tokens: bindWhole(g, 'tokens', state.tokens),
          log_probs: bindWhole(g, 'log probs', state.logProbs),
          entropies: bindWhole(g, 'entropies', state.entropies),
          ...(drafts && { drafts }),
          ...(state.alternatives && { alternatives: bindWhole(g, 'alternatives', state.alternatives) }),
        },
      ),
    );
  }

  #matrix(name: string): StepMatrix {
    const { weights } = this;
    const weight = `${name}.weight`;
    const [columns, depth] = weights.shapeOf(weight).slice(-2) as [number, number];
    const bias = `${name}.bias`;
    return {
      name: weight,
      columns,
      depth,
      at: weights.offsetOf(weight),
      biasAt: weights.has(bias) ? weights.offsetOf(bias) : undefined,
    };
  }

  #joinedMatrix(names: readonly string[]): StepMatrix | undefined {
    const matrices = names.map((name) => this.#matrix(name));
    const follows = (one: StepMatrix, before: StepMatrix | undefined) =>
      before === undefined ||
      (one.at === before.at + before.columns * before.depth &&
        one.biasAt === (before.biasAt === undefined ? undefined : before.biasAt + before.columns));
    if (!matrices.every((one, i) => follows(one, matrices[i - 1]))) return undefined;
    return { ...(matrices[0] as StepMatrix), columns: matrices.reduce((sum, { columns }) => sum + columns, 0) };
  }

  /** x (N, depth), normed where there is a norm, in eight bits: what the kernels of training make of it. */
  #inFp8(x: Tensor, rows: number, width: number, { norm, xStride = width }: StepLinearOptions): Tensor {
    const { g, weights } = this;
    let input = x;
    if (norm) {
      input = g.tensor(`${x.label} normed`, [rows, width]);
      const inverse_rms = g.tensor('inverse rms', [rows]);
      const bindings = { x, weight: weights.parameter(g, norm.name), y: input, inverse_rms };
      g.emit(rmsNorm({ rows, width, xStride, epsilon: norm.epsilon }, bindings));
    }
    const y = g.tensor(`${x.label} in fp8`, [rows, width]);
    g.emit(fp8Rows({ rows, width }, { x: input, y }));
    return y;
  }

  #linear(
    label: string,
    input: Tensor,
    matrices: readonly [StepMatrix, StepMatrix?],
    options: StepLinearOptions = {},
  ): Tensor {
    const { g, weights } = this;
    const { residual, sorted, gathers, ...given } = options;
    const isRounded = this.#isFp8 && isMultiplied(matrices[0].name);
    const inputRows = sorted && !gathers ? sorted.places : this.rows;
    const x = isRounded ? this.#inFp8(input, inputRows, matrices[0].depth, options) : input;
    const { norm, xStride, ...others } = given;
    const rest = isRounded ? others : given;
    const parameters = [...matrices, isRounded ? undefined : norm, rest.experts?.shared].flatMap(
      (of) => of?.name ?? [],
    );
    const rows = sorted?.places ?? this.rows;
    const y = g.tensor(label, [rows, decodeColumns({ matrices, ...rest })]);
    g.emit(
      decodeLinear(
        label,
        { rows, depth: matrices[0].depth, matrices, ...rest },
        {
          pool: weights.poolWith(g, ...parameters),
          x,
          y,
          ...(residual && { residual }),
          ...(sorted ? { tile_expert: sorted.tileKey } : { num_live: this.#numLive }),
          ...(sorted && gathers && { row_of: sorted.order }),
        },
      ),
    );
    return y;
  }
}
