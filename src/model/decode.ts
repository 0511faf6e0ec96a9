// Prefill and one decode step as graphs. Prefill is the full forward pass; a decode step has kernels of its own, since for a few
// rows a layer costs as much as it has dispatches: nine, ten if its rows are sorted by expert, seven if it is dense, and one more
// with a low-rank query.
import { type BufferRange, type DeviceBuffer, whole } from '../device/contract';
import type { Graph, Tensor } from '../graph/graph';
import { type Sorted, sort } from '../graph/operations/sort';
import { keyParts, latentAppend, mlaDecode } from '../kernels/attention/mlaDecode';
import {
  type DecodeLinearShape,
  type DecodeMatrix,
  type DecodeNorm,
  decodeColumns,
  decodeLinear,
} from '../kernels/matmul/decodeLinear';
import { TILE_ROWS } from '../kernels/matmul/matmul';
import { areFew, sortSizes } from '../kernels/moe/countingSort';
import { type DecodeFfnShape, decodeDown, decodeGateUp, decodeHidden } from '../kernels/moe/decodeExperts';
import { moeCombine } from '../kernels/moe/moeCombine';
import { moeRoute, moeRouteSorted, routeSlots, type WithShared } from '../kernels/moe/moeRoute';
import { decodeBegin, decodeLive, ROW_WORDS, sample } from '../kernels/sampling/decode';
import { headName, LATENT_EPSILON, routerShape } from './blocks';
import { isMoeLayer } from './config';
import type { DecodeState } from './decodeState';
import { forward, mlaShape } from './forward';
import type { BatchTensors } from './packedBatch';
import { layerPrefix } from './tensorNames';
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
  const { kv_lora_rank: rank, qk_rope_head_dim: rope } = weights.config;
  forward(g, weights, batch, ropeRange, {
    onLatent(layer, c, kRope) {
      const cache = bindWhole(g, 'latent cache', state.caches[layer] as DeviceBuffer);
      g.emitOnce(latentAppend({ rows: batch.capacity, rank, rope }, { c, k_rope: kRope, cache }));
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

class DecodeStep {
  readonly #pool: Tensor;
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
    this.#pool = weights.allParameters(g);
    this.#table = g.bind('rope table', [ropeRange.size / 8, 2], ropeRange);
    this.#rollouts = bindWhole(g, 'rollouts', state.rollouts);
    this.#live = bindWhole(g, 'live', state.live);
    this.#numLive = bindWhole(g, 'num live', state.numLive);
    this.#places = g.tensor('places', [rows, ROW_WORDS]);
  }

  record(): void {
    const { config } = this.weights;
    const { state } = this;
    const hasMany = state.capacity.rollouts >= MANY_ROLLOUTS;
    let h = this.#begin();
    for (let layer = 0; layer < config.num_hidden_layers; layer++) {
      h = this.#attention(layer, h);
      h = hasMany ? this.#feedForwardSorted(layer, h) : this.#feedForward(layer, h);
    }
    const head = this.#matrix(headName(config).replace(/\.weight$/, ''));
    this.#sample(this.#linear('logits', h, [head], { norm: this.#norm('model.norm.weight', config.rms_norm_eps) }));
  }

  #begin(): Tensor {
    const { g, rows, state, weights } = this;
    const width = weights.config.hidden_size;
    const y = g.tensor('embedding', [rows, width]);
    const live = { live: this.#live, num_live: this.#numLive };
    g.emit(decodeLive(rows, { chosen: bindWhole(g, 'chosen', state.chosen), rollouts: this.#rollouts, ...live }));
    const tableAt = weights.offsetOf('model.embed_tokens.weight');
    g.emit(
      decodeBegin(
        { rows, width, tableAt },
        {
          live: this.#live,
          rollouts: this.#rollouts,
          pool: this.#pool,
          places: this.#places,
          y,
        },
      ),
    );
    return y;
  }

  #attention(layer: number, h: Tensor): Tensor {
    const { g, rows, state, weights } = this;
    const { config } = weights;
    const { kv_lora_rank: rank, qk_rope_head_dim: rope, q_lora_rank: qRank } = config;
    const shape = mlaShape(config, rows);
    const prefix = `${layerPrefix(layer)}self_attn.`;
    const kvMatrix = this.#matrix(`${prefix}kv_a_proj_with_mqa`);
    const qMatrix = this.#matrix(`${prefix}${qRank === null ? 'q_proj' : 'q_a_proj'}`);
    const norm = this.#norm(`${layerPrefix(layer)}input_layernorm.weight`, config.rms_norm_eps);
    const projected = this.#linear('qkv', h, [qMatrix, kvMatrix], { norm });
    const kvStride = qMatrix.columns + kvMatrix.columns;
    const q =
      qRank === null
        ? projected
        : this.#linear('q_b', projected, [this.#matrix(`${prefix}q_b_proj`)], {
            norm: this.#norm(`${prefix}q_a_layernorm.weight`, LATENT_EPSILON),
            xStride: kvStride,
          });
    const maxKeys = state.capacity.promptTokens + state.capacity.maxNewTokens;
    const parts = keyParts(maxKeys);
    const y = g.tensor('attention', [rows, shape.heads * shape.value]);
    const scratch = (label: string, width: number) => g.tensor(label, [rows, shape.heads, width]);
    g.emit(
      ...mlaDecode(
        {
          ...shape,
          rank,
          maxKeys,
          qStride: q.shape[1] as number,
          kvStride,
          kvOffset: kvStride - rank - rope,
          isInterleaved: config.rope_interleave,
          norm: this.#norm(`${prefix}kv_a_layernorm.weight`, LATENT_EPSILON),
          at: weights.offsetOf(`${prefix}kv_b_proj.weight`),
        },
        {
          places: this.#places,
          q,
          kv: projected,
          pool: this.#pool,
          table: this.#table,
          cache: bindWhole(g, 'latent cache', state.caches[layer] as DeviceBuffer),
          query: scratch('query', rank + rope),
          sums: scratch('latent sums', parts * rank),
          largests: scratch('largest scores', parts),
          totals: scratch('score totals', parts),
          y,
        },
      ),
    );
    return this.#linear('o', y, [this.#matrix(`${prefix}o_proj`)], { residual: h });
  }

  #feedForward(layer: number, h: Tensor): Tensor {
    const { g, rows, weights } = this;
    const { config } = weights;
    const prefix = `${layerPrefix(layer)}mlp.`;
    const isMoe = isMoeLayer(config, layer);
    const norm = this.#norm(`${layerPrefix(layer)}post_attention_layernorm.weight`, config.rms_norm_eps);
    const sharedPrefix = isMoe ? `${prefix}shared_experts.` : prefix;
    const matrices = (at: string, hidden: number) => ({
      hidden,
      gateUpAt: weights.offsetOf(`${at}gate_up_proj.weight`),
      downAt: weights.offsetOf(`${at}down_proj.weight`),
    });
    const sharedHidden = isMoe ? config.n_shared_experts * config.moe_intermediate_size : config.intermediate_size;
    const router = routerShape(config, rows);
    const shape: DecodeFfnShape = {
      rows,
      width: config.hidden_size,
      ...(sharedHidden > 0 && { shared: matrices(sharedPrefix, sharedHidden) }),
      ...(isMoe && {
        routed: {
          numExperts: router.numExperts,
          topK: router.topK,
          ...matrices(`${prefix}experts.`, config.moe_intermediate_size),
        },
      }),
    };
    const routing = isMoe
      ? this.#route(layer, this.#linear('router', h, [this.#matrix(`${prefix}gate`)], { norm }), router)
      : undefined;
    const pool = this.#pool;
    const hidden = g.tensor('hidden', [rows, decodeHidden(shape)]);
    const y = g.tensor('residual', h.shape);
    g.emit(
      decodeGateUp({ ...shape, norm }, { x: h, pool, ...(routing && { experts: routing.experts }), y: hidden }),
      decodeDown(shape, { hidden, pool, ...routing, residual: h, y }),
    );
    return y;
  }

  /** As #feedForward, for so many rows that those of an expert are put together and multiplied at once. */
  #feedForwardSorted(layer: number, h: Tensor): Tensor {
    const { g, rows, weights } = this;
    const { config } = weights;
    const prefix = `${layerPrefix(layer)}mlp.`;
    const norm = this.#norm(`${layerPrefix(layer)}post_attention_layernorm.weight`, config.rms_norm_eps);
    if (!isMoeLayer(config, layer)) {
      const hidden = this.#linear('gate_up', h, [this.#matrix(`${prefix}gate_up_proj`)], { norm, isGated: true });
      return this.#linear('down', hidden, [this.#matrix(`${prefix}down_proj`)], { residual: h });
    }
    const sorted = this.#routeSorted(layer, this.#linear('router', h, [this.#matrix(`${prefix}gate`)], { norm }));
    const hidden = this.#linear('experts gate_up', h, [this.#matrix(`${prefix}experts.gate_up_proj`)], {
      norm,
      isGated: true,
      sorted,
      gathers: true,
      sharedAt: this.#sharedAt(layer, 'gate_up_proj'),
    });
    const down = this.#linear('experts down', hidden, [this.#matrix(`${prefix}experts.down_proj`)], {
      sorted,
      sharedAt: this.#sharedAt(layer, 'down_proj'),
    });
    const y = g.tensor('residual', h.shape);
    const { place, weights: expertWeights } = sorted;
    const combine = { rows, width: config.hidden_size, topK: this.#slotsPerRow };
    g.emit(moeCombine(combine, { x: down, place, weights: expertWeights, y, addend: h }));
    return y;
  }

  /** Where a shared projection of a layer starts among the parameters, if there is one. */
  #sharedAt(layer: number, name: string): number | undefined {
    const { weights } = this;
    const full = `${layerPrefix(layer)}mlp.shared_experts.${name}.weight`;
    return weights.has(full) ? weights.offsetOf(full) : undefined;
  }

  /** Experts that a row goes to, the shared ones among them. */
  get #slotsPerRow(): number {
    const { num_experts_per_tok: topK, n_shared_experts: numShared } = this.weights.config;
    return topK + numShared;
  }

  /** What the router of a layer reads and writes; counts the tokens that it sends to each expert. */
  #routeTensors(layer: number, logits: Tensor, slotsPerRow: number) {
    const { g, rows, weights } = this;
    const numExperts = weights.config.n_routed_experts;
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
  #routeSorted(layer: number, logits: Tensor): SortedRows {
    const { g, rows, weights } = this;
    const shape = { ...routerShape(weights.config, rows), numShared: weights.config.n_shared_experts };
    const slots = routeSlots(shape, TILE_ROWS);
    if (!areFew(slots)) {
      const routing = this.#route(layer, logits, shape);
      return { ...sort(g, routing.experts, slots), weights: routing.weights };
    }
    const { places, tiles } = sortSizes(slots);
    const order = g.tensor('sort order', [places]);
    const place = g.tensor('sort place', [slots.size]);
    const tileKey = g.tensor('sort tile key', [tiles]);
    const tensors = this.#routeTensors(layer, logits, this.#slotsPerRow);
    g.emit(moeRouteSorted(shape, TILE_ROWS, { ...tensors, order, place, tile_key: tileKey }));
    return { order, place, tileKey, places, weights: tensors.weights };
  }

  #sample(logits: Tensor): void {
    const { g, rows, state, weights } = this;
    g.emit(
      sample(
        { rows, vocabulary: weights.config.vocab_size, maxNewTokens: state.capacity.maxNewTokens },
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

  #norm(name: string, epsilon: number): DecodeNorm {
    return { at: this.weights.offsetOf(name), epsilon };
  }

  /** A projection, or each expert's, by its name without `.weight`. */
  #matrix(name: string): DecodeMatrix & { depth: number } {
    const { weights } = this;
    const [columns, depth] = weights.shapeOf(`${name}.weight`).slice(-2) as [number, number];
    const bias = `${name}.bias`;
    return {
      columns,
      depth,
      at: weights.offsetOf(`${name}.weight`),
      biasAt: weights.has(bias) ? weights.offsetOf(bias) : undefined,
    };
  }

  /**
   * @param s.sorted by which the result's rows are sorted by expert, and each expert has its own matrix.
   * @param s.sharedAt where the shared experts' matrix starts.
   * @param s.gathers whether x is not sorted but has a row a rollout.
   */
  #linear(
    label: string,
    x: Tensor,
    matrices: readonly [DecodeMatrix & { depth: number }, DecodeMatrix?],
    s: Pick<DecodeLinearShape, 'norm' | 'xStride' | 'isGated'> & {
      readonly residual?: Tensor;
      readonly sorted?: SortedRows;
      readonly sharedAt?: number | undefined;
      readonly gathers?: boolean;
    },
  ): Tensor {
    const { g, weights } = this;
    const { residual, sorted, sharedAt, gathers, ...rest } = s;
    const { n_routed_experts: numExperts, n_shared_experts: count } = weights.config;
    const shared = sharedAt === undefined ? undefined : { count, at: sharedAt };
    const experts = sorted && { experts: { numExperts, slotsPerRow: this.#slotsPerRow, shared } };
    const rows = sorted?.places ?? this.rows;
    const y = g.tensor(label, [rows, decodeColumns({ matrices, ...rest })]);
    g.emit(
      decodeLinear(
        label,
        { rows, depth: matrices[0].depth, matrices, ...rest, ...experts },
        {
          pool: this.#pool,
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
