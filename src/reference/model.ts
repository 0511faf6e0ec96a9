// A whole deepseek_v3 model in f64: token ids to logits, and the gradient of logits to the gradient of every weight. Written
// from transformers' modeling_deepseek_v3; the truth that the engine is compared with for any configuration.
import { isMoeLayer, type ModelConfig } from '../model/config';
import { add, addScaled, at, type Numbers } from './array';
import { countingSort } from './countingSort';
import { embed, embedBackward } from './embed';
import { addBias, addBiasBackward, matmulNn, matmulNt, matmulTn } from './matmul';
import { mlaAttention, mlaAttentionBackward } from './mlaAttention';
import { moeCombine, moeCombineBackward } from './moeCombine';
import { moeRoute, moeRouteBackward } from './moeRoute';
import { rmsNorm, rmsNormBackward } from './rmsNorm';
import { attentionScale, type RopeShape, type RopeTable, rope, ropeBackward, ropeTable } from './rope';
import { swiglu, swigluBackward } from './swiglu';
import { accumulate, Tape, type Tensor, tensor } from './tape';

/** The norms inside attention ignore rms_norm_eps: transformers never passes it to them. */
const LATENT_NORM_EPS = 1e-6;

export interface ReferenceModel {
  /** (N, V). */
  readonly logits: Float64Array;
  /** Tokens sent to each expert, one array an MoE layer in order of depth. */
  readonly load: readonly Float64Array[];
  /** The experts of each token (N, K), best first, and their weights (N, K); one an MoE layer in order of depth. */
  readonly routing: readonly ReturnType<typeof moeRoute>[];
  /** dLogits (N, V) → the gradient of every weight by its Hugging Face name. Call once. */
  backward(dLogits: Numbers): Map<string, Float64Array>;
}

/**
 * Runs packed tokens through the model.
 *
 * @param tensors weights by Hugging Face name, [out, in] flattened; a missing one throws.
 * @param ids (N) token ids of the sequences, one after the other.
 * @param sequenceStart (N) index of the first token of n's sequence.
 */
export function referenceModel(
  config: ModelConfig,
  tensors: ReadonlyMap<string, Numbers>,
  ids: Numbers,
  sequenceStart: Numbers,
): ReferenceModel {
  const model = new Forward(config, tensors, ids, sequenceStart);
  const logits = model.logits();
  return {
    logits: logits.data,
    load: model.load,
    routing: model.routing,
    backward(dLogits) {
      accumulate(logits, dLogits);
      model.tape.backward();
      return new Map(Array.from(model.weights, ([name, weight]) => [name, weight.grad]));
    },
  };
}

class Forward {
  readonly tape = new Tape();
  readonly weights = new Map<string, Tensor>();
  readonly load: Float64Array[] = [];
  readonly routing: ReturnType<typeof moeRoute>[] = [];
  readonly #config: ModelConfig;
  readonly #tensors: ReadonlyMap<string, Numbers>;
  readonly #ids: Numbers;
  readonly #sequenceStart: Numbers;
  readonly #positions: Numbers;
  readonly #ropeTable: RopeTable;

  constructor(config: ModelConfig, tensors: ReadonlyMap<string, Numbers>, ids: Numbers, sequenceStart: Numbers) {
    this.#config = config;
    this.#tensors = tensors;
    this.#ids = ids;
    this.#sequenceStart = sequenceStart;
    this.#positions = Array.from(sequenceStart, (start, n) => n - start);
    this.#ropeTable = ropeTable(config, ids.length);
  }

  logits(): Tensor {
    const { hidden_size, num_hidden_layers, rms_norm_eps, tie_word_embeddings } = this.#config;
    const table = this.#weight('model.embed_tokens.weight');
    let x = this.tape.record(embed(table.data, this.#ids, hidden_size), (dy) =>
      accumulate(table, embedBackward(dy, this.#ids, table.data.length / hidden_size, hidden_size)),
    );
    for (let layer = 0; layer < num_hidden_layers; layer++) {
      const name = `model.layers.${layer}`;
      const attended = this.#attention(this.#norm(x, `${name}.input_layernorm`, rms_norm_eps), `${name}.self_attn`);
      x = this.#sum(x, attended);
      const h = this.#norm(x, `${name}.post_attention_layernorm`, rms_norm_eps);
      const y = isMoeLayer(this.#config, layer) ? this.#moe(h, `${name}.mlp`) : this.#mlp(h, `${name}.mlp`);
      x = this.#sum(x, y);
    }
    const h = this.#norm(x, 'model.norm', rms_norm_eps);
    return this.#matmul(h, tie_word_embeddings ? table : this.#weight('lm_head.weight'), hidden_size);
  }

  #attention(x: Tensor, name: string): Tensor {
    const c = this.#config;
    const shape = {
      heads: c.num_attention_heads,
      nopeDim: c.qk_nope_head_dim,
      ropeDim: c.qk_rope_head_dim,
      valueDim: c.v_head_dim,
    };
    const turned = { ropeDim: shape.ropeDim, interleaved: c.rope_interleave };
    const rank = c.kv_lora_rank;

    const qLatent =
      c.q_lora_rank === null
        ? undefined
        : this.#norm(this.#linear(x, `${name}.q_a_proj`, c.attention_bias), `${name}.q_a_layernorm`, LATENT_NORM_EPS);
    const q = this.#rope(qLatent ? this.#linear(qLatent, `${name}.q_b_proj`) : this.#linear(x, `${name}.q_proj`), {
      ...turned,
      heads: shape.heads,
      headDim: shape.nopeDim + shape.ropeDim,
    });
    const kvA = this.#linear(x, `${name}.kv_a_proj_with_mqa`, c.attention_bias);
    const latent = this.#norm(
      this.#columns(kvA, rank + shape.ropeDim, 0, rank),
      `${name}.kv_a_layernorm`,
      LATENT_NORM_EPS,
    );
    const kpe = this.#rope(this.#columns(kvA, rank + shape.ropeDim, rank, shape.ropeDim), {
      ...turned,
      heads: 1,
      headDim: shape.ropeDim,
    });
    const kv = this.#linear(latent, `${name}.kv_b_proj`);

    const inputs = {
      q: q.data,
      kv: kv.data,
      kpe: kpe.data,
      sequenceStart: this.#sequenceStart,
      scale: attentionScale(c),
    };
    const out = this.tape.record(mlaAttention(inputs, shape).out, (dy) => {
      const { dq, dkv, dkpe } = mlaAttentionBackward(dy, inputs, shape);
      accumulate(q, dq);
      accumulate(kv, dkv);
      accumulate(kpe, dkpe);
    });
    return this.#linear(out, `${name}.o_proj`, c.attention_bias);
  }

  #moe(x: Tensor, name: string): Tensor {
    const c = this.#config;
    const width = c.hidden_size;
    const topK = c.num_experts_per_tok;
    const options = {
      experts: c.n_routed_experts,
      topK,
      groups: c.n_group,
      topGroups: c.topk_group,
      normalize: c.norm_topk_prob,
      scalingFactor: c.routed_scaling_factor,
    };
    const logits = this.#linear(x, `${name}.gate`);
    const route = moeRoute(logits.data, this.#get(`${name}.gate.e_score_correction_bias`), options);
    const weights = this.tape.record(route.weights, (dy) =>
      accumulate(logits, moeRouteBackward(dy, logits.data, route.experts, options)),
    );

    const { counts, starts, items, rows } = countingSort(route.experts, c.n_routed_experts, 1);
    this.load.push(counts);
    this.routing.push(route);
    const tokens = items.map((item) => Math.floor(item / topK));
    const outs = Array.from(counts, (count, e) => {
      const chosen = tokens.subarray(at(starts, e), at(starts, e) + count);
      return this.#mlp(this.#rows(x, chosen, width), `${name}.experts.${e}`);
    });
    const expertOut = this.#concat(outs);
    const y = this.tape.record(moeCombine(expertOut.data, rows, weights.data, topK, width), (dy) => {
      const grads = moeCombineBackward(dy, expertOut.data, rows, weights.data, topK, width);
      accumulate(expertOut, grads.dExpertOut);
      accumulate(weights, grads.dWeights);
    });
    return c.n_shared_experts > 0 ? this.#sum(y, this.#mlp(x, `${name}.shared_experts`)) : y;
  }

  #mlp(x: Tensor, name: string): Tensor {
    const gate = this.#weight(`${name}.gate_proj.weight`);
    const up = this.#weight(`${name}.up_proj.weight`);
    const hidden = this.#matmul(x, this.#concat([gate, up]), this.#config.hidden_size); // (N, 2I)
    const width = gate.data.length / this.#config.hidden_size;
    const activated = this.tape.record(swiglu(hidden.data, width), (dy) =>
      accumulate(hidden, swigluBackward(dy, hidden.data, width)),
    );
    return this.#matmul(activated, this.#weight(`${name}.down_proj.weight`), width);
  }

  #get(name: string): Numbers {
    const data = this.#tensors.get(name);
    if (data === undefined) throw new Error(`The reference model needs a tensor called ${name}.`);
    return data;
  }

  #weight(name: string): Tensor {
    const known = this.weights.get(name) ?? tensor(this.#get(name));
    this.weights.set(name, known);
    return known;
  }

  #linear(x: Tensor, name: string, hasBias = false): Tensor {
    const weight = this.#weight(`${name}.weight`);
    const y = this.#matmul(x, weight, x.data.length / this.#ids.length);
    if (!hasBias) return y;
    const bias = this.#weight(`${name}.bias`);
    return this.tape.record(addBias(y.data, bias.data), (dy) => {
      accumulate(y, dy);
      accumulate(bias, addBiasBackward(dy, bias.data.length));
    });
  }

  /** x (M, K) · wᵀ, w (N, K). */
  #matmul(x: Tensor, w: Tensor, k: number): Tensor {
    const [m, n] = [x.data.length / k, w.data.length / k];
    return this.tape.record(matmulNt(x.data, w.data, { m, n, k }), (dy) => {
      accumulate(x, matmulNn(dy, w.data, { m, n: k, k: n }));
      accumulate(w, matmulTn(dy, x.data, { m: n, n: k, k: m }));
    });
  }

  #norm(x: Tensor, name: string, eps: number): Tensor {
    const weight = this.#weight(`${name}.weight`);
    return this.tape.record(rmsNorm(x.data, weight.data, eps), (dy) => {
      const { dx, dWeight } = rmsNormBackward(dy, x.data, weight.data, eps);
      accumulate(x, dx);
      accumulate(weight, dWeight);
    });
  }

  #rope(x: Tensor, shape: RopeShape): Tensor {
    return this.tape.record(rope(x.data, this.#positions, this.#ropeTable, shape), (dy) =>
      accumulate(x, ropeBackward(dy, this.#positions, this.#ropeTable, shape)),
    );
  }

  #sum(a: Tensor, b: Tensor): Tensor {
    return this.tape.record(
      a.data.map((value, i) => value + at(b.data, i)),
      (dy) => {
        accumulate(a, dy);
        accumulate(b, dy);
      },
    );
  }

  /** The columns from … from + count of x (N, width). */
  #columns(x: Tensor, width: number, from: number, count: number): Tensor {
    const source = (i: number) => Math.floor(i / count) * width + from + (i % count);
    const data = Float64Array.from({ length: (x.data.length / width) * count }, (_, i) => at(x.data, source(i)));
    return this.tape.record(data, (dy) => dy.forEach((value, i) => void add(x.grad, source(i), value)));
  }

  /** Chosen rows of x (N, width), in the order given. */
  #rows(x: Tensor, chosen: Numbers, width: number): Tensor {
    return this.tape.record(embed(x.data, chosen, width), (dy) => {
      for (let i = 0; i < chosen.length; i++) addScaled(x.grad, at(chosen, i) * width, 1, dy, i * width, width);
    });
  }

  /** Tensors of one width, one below the other. */
  #concat(parts: readonly Tensor[]): Tensor {
    const data = new Float64Array(parts.reduce((length, part) => length + part.data.length, 0));
    let start = 0;
    const placed = parts.map((part) => {
      data.set(part.data, start);
      start += part.data.length;
      return { part, from: start - part.data.length };
    });
    return this.tape.record(data, (dy) => {
      for (const { part, from } of placed) accumulate(part, dy.subarray(from, from + part.data.length));
    });
  }
}
