// Prefill and one decode step as graphs. Prefill is the full forward pass; a decode step has kernels of its own, since for a few
// rows a layer costs as much as it has dispatches: nine, ten if its rows are sorted by expert, seven if it is dense, and one more
// with a low-rank query.
import { type BufferRange, type DeviceBuffer, whole } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';
import { type Sorted, sort } from '../graph/operations/sort';
import { cacheAppend } from '../kernels/attention/cacheAppend';
import { keyParts } from '../kernels/attention/keyParts';
import { mlaDecode } from '../kernels/attention/mlaDecode';
import {
  type DecodeLinearShape,
  type DecodeMatrix,
  type DecodeNorm,
  decodeColumns,
  decodeLinear,
  type ExpertsShape,
} from '../kernels/matmul/decodeLinear';
import { TILE_ROWS } from '../kernels/matmul/matmul';
import { sortSizes } from '../kernels/moe/countingSort';
import { type DecodeFfnShape, decodeDown, decodeGateUp, decodeHidden } from '../kernels/moe/decodeExperts';
import { moeCombine } from '../kernels/moe/moeCombine';
import { canRouteSorted, moeRoute, moeRouteSorted, routeSlots, type WithShared } from '../kernels/moe/moeRoute';
import { decodeBegin, decodeLive, ROW_WORDS, sample } from '../kernels/sampling/decode';
import type { ExpertsFeedForward, FeedForward, LatentAttention } from './architecture';
import { headName, routerShape } from './blocks';
import type { DecodeState } from './decodeState';
import { forward, mlaShape } from './forward';
import type { BatchTensors } from './packedBatch';
import { layerPrefix } from './parameterShapes';
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

/** Records the prompts' pass: every prompt token's latent goes into the cache at the token's place in the batch. */
export function recordPrefill(
  g: Graph,
  weights: Weights,
  state: DecodeState,
  batch: BatchTensors,
  ropeRange: BufferRange,
): void {
  forward(g, weights, batch, ropeRange, {
    onLatent(layer, c, kRope) {
      const cache = bindWhole(g, 'latent cache', state.caches[layer] as DeviceBuffer);
      const [first, second] = [c.shape[1] as number, kRope.shape[1] as number];
      g.emitOnce(cacheAppend({ rows: batch.capacity, first, second }, { a: c, b: kRope, cache }));
    },
  });
}

/** Records one step for `rows` live rollouts: read a token each, draw the next. */
export function recordDecodeStep(
  g: Graph,
  weights: Weights,
  state: DecodeState,
  rows: number,
  ropeRange: BufferRange,
): void {
  new DecodeStep(g, weights, state, rows, ropeRange).record();
}

function bindWhole(g: Graph, label: string, buffer: DeviceBuffer): Tensor {
  return g.bind(label, [buffer.size / 4], whole(buffer));
}

/** Slots of a step's rows by expert, shared experts too, and each slot's weight (B, K + shared). */
type SortedRows = Pick<Sorted, 'order' | 'place' | 'tileKey' | 'places'> & { readonly weights: Tensor };

/** With the name of the parameter that it is. */
interface Named {
  readonly name: string;
}
type NamedMatrix = DecodeMatrix & Named & { readonly depth: number };
type NamedNorm = DecodeNorm & Named;
type NamedExperts = ExpertsShape & { readonly shared?: Named | undefined };

class DecodeStep {
  readonly #table: Tensor;
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
    ropeRange: BufferRange,
  ) {
    this.#table = g.bind('rope table', [ropeRange.size / 8, 2], ropeRange);
    this.#rollouts = bindWhole(g, 'rollouts', state.rollouts);
    this.#live = bindWhole(g, 'live', state.live);
    this.#numLive = bindWhole(g, 'num live', state.numLive);
    this.#places = g.tensor('places', [rows, ROW_WORDS]);
  }

  record(): void {
    const { architecture } = this.weights;
    const { state } = this;
    const hasMany = state.capacity.rollouts >= MANY_ROLLOUTS;
    let h = this.#begin();
    architecture.layers.forEach(({ attention, feedForward, epsilon }, layer) => {
      h = this.#attention(layer, attention, epsilon, h);
      const norm = this.#norm(`${layerPrefix(layer)}feedForward.norm.weight`, epsilon);
      h = hasMany
        ? this.#feedForwardSorted(layer, feedForward, norm, h)
        : this.#feedForward(layer, feedForward, norm, h);
    });
    const head = this.#matrix(headName(architecture).replace(/\.weight$/, ''));
    this.#sample(this.#linear('logits', h, [head], { norm: this.#norm('norm.weight', architecture.epsilon) }));
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
        },
      ),
    );
    return y;
  }

  #attention(layer: number, a: LatentAttention, epsilon: number, h: Tensor): Tensor {
    const { g, rows, state, weights } = this;
    const { rank, queryRank } = a;
    const shape = mlaShape(a, rows);
    const prefix = `${layerPrefix(layer)}attention.`;
    const kvMatrix = this.#matrix(`${prefix}latentDown`);
    const qMatrix = this.#matrix(`${prefix}${queryRank === null ? 'query' : 'queryDown'}`);
    const norm = this.#norm(`${prefix}norm.weight`, epsilon);
    const projected = this.#linear('qkv', h, [qMatrix, kvMatrix], { norm });
    const kvStride = qMatrix.columns + kvMatrix.columns;
    const q =
      queryRank === null
        ? projected
        : this.#linear('queryUp', projected, [this.#matrix(`${prefix}queryUp`)], {
            norm: this.#norm(`${prefix}queryNorm.weight`, a.epsilon),
            xStride: kvStride,
          });
    const maxKeys = state.capacity.promptTokens + state.capacity.maxNewTokens;
    const parts = keyParts(maxKeys);
    const y = g.tensor('attention', [rows, shape.heads * shape.value]);
    const scratch = (label: string, width: number) => g.tensor(label, [rows, shape.heads, width]);
    const latentNorm = this.#norm(`${prefix}latentNorm.weight`, a.epsilon);
    const latentUp = `${prefix}latentUp.weight`;
    g.emit(
      ...mlaDecode(
        {
          ...shape,
          rank,
          maxKeys,
          qStride: q.shape[1] as number,
          kvStride,
          kvOffset: kvStride - rank - shape.rope,
          isInterleaved: a.rope.isInterleaved,
          norm: latentNorm,
          at: weights.offsetOf(latentUp),
        },
        {
          places: this.#places,
          q,
          kv: projected,
          pool: weights.poolWith(g, latentUp, latentNorm.name),
          table: this.#table,
          cache: bindWhole(g, 'latent cache', state.caches[layer] as DeviceBuffer),
          query: scratch('query', rank + shape.rope),
          sums: scratch('latent sums', parts * rank),
          largests: scratch('largest scores', parts),
          totals: scratch('score totals', parts),
          y,
        },
      ),
    );
    return this.#linear('output', y, [this.#matrix(`${prefix}output`)], { residual: h });
  }

  #feedForward(layer: number, f: FeedForward, norm: NamedNorm, h: Tensor): Tensor {
    const { g, rows, weights } = this;
    const prefix = `${layerPrefix(layer)}feedForward.`;
    const isMoe = f.kind === 'experts';
    const [gateUps, downs]: [string[], string[]] = [[], []];
    const matrices = (at: string, hidden: number) => {
      const [gateUp, down] = [`${at}gateUp.weight`, `${at}down.weight`];
      gateUps.push(gateUp);
      downs.push(down);
      return { hidden, gateUpAt: weights.offsetOf(gateUp), downAt: weights.offsetOf(down) };
    };
    const shared = isMoe
      ? { at: `${prefix}shared.`, hidden: f.numShared * f.hidden }
      : { at: prefix, hidden: f.hidden };
    const shape: DecodeFfnShape = {
      rows,
      width: weights.architecture.width,
      ...(shared.hidden > 0 && { shared: matrices(shared.at, shared.hidden) }),
      ...(isMoe && {
        routed: { numExperts: f.numExperts, topK: f.topK, ...matrices(`${prefix}experts.`, f.hidden) },
      }),
    };
    const routing = isMoe
      ? this.#route(layer, this.#linear('router', h, [this.#matrix(`${prefix}router`)], { norm }), routerShape(f, rows))
      : undefined;
    const gatePool = weights.poolWith(g, norm.name, ...gateUps);
    const downPool = weights.poolWith(g, ...downs);
    const hidden = g.tensor('hidden', [rows, decodeHidden(shape)]);
    const y = g.tensor('residual', h.shape);
    g.emit(
      decodeGateUp(
        { ...shape, norm },
        { x: h, pool: gatePool, ...(routing && { experts: routing.experts }), y: hidden },
      ),
      decodeDown(shape, { hidden, pool: downPool, ...routing, residual: h, y }),
    );
    return y;
  }

  /** As #feedForward, for so many rows that those of an expert are put together and multiplied at once. */
  #feedForwardSorted(layer: number, f: FeedForward, norm: NamedNorm, h: Tensor): Tensor {
    const { g, rows, weights } = this;
    const prefix = `${layerPrefix(layer)}feedForward.`;
    if (f.kind === 'dense') {
      const hidden = this.#linear('gate_up', h, [this.#matrix(`${prefix}gateUp`)], { norm, isGated: true });
      return this.#linear('down', hidden, [this.#matrix(`${prefix}down`)], { residual: h });
    }
    const sorted = this.#routeSorted(layer, f, this.#linear('router', h, [this.#matrix(`${prefix}router`)], { norm }));
    const hidden = this.#linear('experts gate_up', h, [this.#matrix(`${prefix}experts.gateUp`)], {
      norm,
      isGated: true,
      sorted,
      gathers: true,
      experts: this.#experts(f, `${prefix}shared.gateUp.weight`),
    });
    const down = this.#linear('experts down', hidden, [this.#matrix(`${prefix}experts.down`)], {
      sorted,
      experts: this.#experts(f, `${prefix}shared.down.weight`),
    });
    const y = g.tensor('residual', h.shape);
    const { place, weights: expertWeights } = sorted;
    const combine = { rows, width: weights.architecture.width, topK: f.topK + f.numShared };
    g.emit(moeCombine(combine, { x: down, place, weights: expertWeights, y, addend: h }));
    return y;
  }

  /** A row goes to topK experts and the shared ones, whose matrix is called `sharedName`, if there are any. */
  #experts({ numExperts, topK, numShared }: ExpertsFeedForward, sharedName: string): NamedExperts {
    const shared =
      numShared > 0 ? { name: sharedName, count: numShared, at: this.weights.offsetOf(sharedName) } : undefined;
    return { numExperts, slotsPerRow: topK + numShared, shared };
  }

  /** What the router of a layer reads and writes; counts the tokens that it sends to each expert. */
  #routeTensors(layer: number, logits: Tensor, slotsPerRow: number) {
    const { g, rows, weights } = this;
    const numExperts = logits.shape[1] as number;
    return {
      logits,
      bias: g.bind('selection bias', [numExperts], weights.biasRange(layer)),
      num_tokens: this.#numLive,
      weights: g.tensor('expert weights', [rows, slotsPerRow]),
      load: g.bind('expert load', [numExperts], weights.loadRange(layer)),
    };
  }

  /** The experts of each row and their weights. */
  #route(layer: number, logits: Tensor, s: WithShared): { experts: Tensor; weights: Tensor } {
    const { g, rows } = this;
    const slotsPerRow = s.topK + (s.numShared ?? 0);
    const experts = g.tensor('experts', [rows, slotsPerRow]);
    const tensors = this.#routeTensors(layer, logits, slotsPerRow);
    g.emit(moeRoute(s, { ...tensors, experts }));
    return { experts, weights: tensors.weights };
  }

  /** The same, shared experts too, sorted by expert. */
  #routeSorted(layer: number, f: ExpertsFeedForward, logits: Tensor): SortedRows {
    const { g, rows } = this;
    const shape = { ...routerShape(f, rows), numShared: f.numShared };
    const slots = routeSlots(shape, TILE_ROWS);
    if (!canRouteSorted(shape, TILE_ROWS)) {
      const routing = this.#route(layer, logits, shape);
      return { ...sort(g, routing.experts, slots), weights: routing.weights };
    }
    const { places, tiles } = sortSizes(slots);
    const order = g.tensor('sort order', [places]);
    const place = g.tensor('sort place', [slots.size]);
    const tileKey = g.tensor('sort tile key', [tiles]);
    const tensors = this.#routeTensors(layer, logits, f.topK + f.numShared);
    g.emit(moeRouteSorted(shape, TILE_ROWS, { ...tensors, order, place, tile_key: tileKey }));
    return { order, place, tileKey, places, weights: tensors.weights };
  }

  #sample(logits: Tensor): void {
    const { g, rows, state, weights } = this;
    g.emit(
      sample(
        { rows, vocabulary: weights.architecture.vocabulary, maxNewTokens: state.capacity.maxNewTokens },
        {
          settings: bindWhole(g, 'sample settings', state.settings),
          live: this.#live,
          logits,
          rollouts: this.#rollouts,
          tokens: bindWhole(g, 'tokens', state.tokens),
          log_probs: bindWhole(g, 'log probs', state.logProbs),
          entropies: bindWhole(g, 'entropies', state.entropies),
          ...(state.alternatives && { alternatives: bindWhole(g, 'alternatives', state.alternatives) }),
        },
      ),
    );
  }

  #norm(name: string, epsilon: number): NamedNorm {
    return { name, at: this.weights.offsetOf(name), epsilon };
  }

  /** A projection, or each expert's, by its name without `.weight`. */
  #matrix(name: string): NamedMatrix {
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

  /**
   * @param s.sorted by which the result's rows are sorted by expert, and each expert has its own matrix.
   * @param s.gathers whether x is not sorted but has a row a rollout.
   */
  #linear(
    label: string,
    x: Tensor,
    matrices: readonly [NamedMatrix, NamedMatrix?],
    s: Pick<DecodeLinearShape, 'xStride' | 'isGated'> & {
      readonly norm?: NamedNorm;
      readonly experts?: NamedExperts;
      readonly residual?: Tensor;
      readonly sorted?: SortedRows;
      readonly gathers?: boolean;
    },
  ): Tensor {
    const { g, weights } = this;
    const { residual, sorted, gathers, ...rest } = s;
    const parameters = [...matrices, rest.norm, rest.experts?.shared].flatMap((of) => of?.name ?? []);
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
