// A whole model in f64: token ids to logits, and the gradient of logits to the gradient of every weight. Written
// from transformers' models; the truth that the engine is compared with for any architecture.
import type {
  Architecture,
  Attention,
  ExpertsFeedForward,
  GroupedQueryAttention,
  LatentAttention,
  Layer,
  Rope,
} from '../model/architecture';
import { add, addScaled, at, type Numbers } from './array';
import { countingSort } from './countingSort';
import { embed, embedBackward } from './embed';
import { fp8Tiles } from './fp8';
import { groupedAttention, groupedAttentionBackward, probabilities } from './groupedAttention';
import { addBias, addBiasBackward, matmulNn, matmulNt, matmulTn } from './matmul';
import { mlaAttention, mlaAttentionBackward, mlaProducts } from './mlaAttention';
import { moeCombine, moeCombineBackward } from './moeCombine';
import { moeRoute, moeRouteBackward } from './moeRoute';
import { rmsNorm, rmsNormBackward } from './rmsNorm';
import { type RopeShape, type RopeTable, rope, ropeBackward, ropeTable } from './rope';
import { swiglu, swigluBackward } from './swiglu';
import { accumulate, Tape, type Tensor, tensor } from './tape';

export interface ReferenceModel {
  /** (N, V). */
  readonly logits: Float64Array;
  /** (N, V), of a model with a module for further tokens: of the token after the next. In a sequence's last row of no account. */
  readonly furtherLogits: Float64Array | undefined;
  /** Tokens sent to each expert, one array an MoE layer in order of depth. */
  readonly load: readonly Float64Array[];
  /** The experts of each token (N, K), best first, and their weights (N, K); one an MoE layer in order of depth. */
  readonly routing: readonly ReturnType<typeof moeRoute>[];
  /** By layer: what a head of token n attends to, a probability for each of the tokens from the first that it sees. */
  readonly attention: readonly ((n: number, head: number) => Attended)[];
  /** dLogits, dFurtherLogits (N, V) → the gradient of every weight by name. Call once. */
  backward(dLogits: Numbers, dFurtherLogits?: Numbers): Map<string, Float64Array>;
}

export interface Attended {
  readonly p: readonly number[];
  /** Of latent attention: products by content and by position, not scaled yet. */
  readonly products?: ReturnType<typeof mlaProducts>;
}

/**
 * Runs packed tokens through the model.
 *
 * @param tensors weights by name (parameterShapes), [out, in] flattened; a missing one throws.
 * @param ids (N) token ids of the sequences, one after the other.
 * @param sequenceStart (N) index of the first token of n's sequence.
 * @param options.isFp8 whether products with the weights of layers take both operands in eight bits; the router's do not.
 */
export function referenceModel(
  architecture: Architecture,
  tensors: ReadonlyMap<string, Numbers>,
  ids: Numbers,
  sequenceStart: Numbers,
  { isFp8 = false }: { readonly isFp8?: boolean } = {},
): ReferenceModel {
  const model = new Forward(architecture, tensors, ids, sequenceStart, isFp8);
  const { logits, further } = model.logits();
  return {
    logits: logits.data,
    furtherLogits: further?.data,
    load: model.load,
    routing: model.routing,
    attention: model.attention,
    backward(dLogits, dFurtherLogits) {
      accumulate(logits, dLogits);
      if (further && dFurtherLogits) accumulate(further, dFurtherLogits);
      model.tape.backward();
      return new Map(Array.from(model.weights, ([name, weight]) => [name, weight.grad]));
    },
  };
}

/** Tiles of DeepSeek-V3's report (arXiv 2412.19437, §3.3.2): of activations along what is summed over, and of weights. */
const FP8_ROW = { rows: 1, columns: 128 };
const FP8_COLUMN = { rows: 128, columns: 1 };
const FP8_BLOCK = { rows: 128, columns: 128 };

class Forward {
  readonly tape = new Tape();
  readonly weights = new Map<string, Tensor>();
  readonly load: Float64Array[] = [];
  readonly routing: ReturnType<typeof moeRoute>[] = [];
  readonly attention: ((n: number, head: number) => Attended)[] = [];
  readonly #architecture: Architecture;
  readonly #tensors: ReadonlyMap<string, Numbers>;
  readonly #ids: Numbers;
  readonly #sequenceStart: Numbers;
  readonly #positions: Numbers;
  readonly #ropeTables = new Map<Rope, RopeTable>();
  readonly #isFp8: boolean;

  constructor(
    architecture: Architecture,
    tensors: ReadonlyMap<string, Numbers>,
    ids: Numbers,
    sequenceStart: Numbers,
    isFp8: boolean,
  ) {
    this.#isFp8 = isFp8;
    this.#architecture = architecture;
    this.#tensors = tensors;
    this.#ids = ids;
    this.#sequenceStart = sequenceStart;
    this.#positions = Array.from(sequenceStart, (start, n) => n - start);
  }

  logits(): { logits: Tensor; further: Tensor | undefined } {
    const { width, layers, epsilon, isTied, mtp } = this.#architecture;
    const x = layers.reduce((h, layer, l) => this.#layer(layer, l, h), this.#embed(this.#ids));
    const h = this.#norm(x, 'norm', epsilon);
    const logitsOf = (hidden: Tensor) =>
      this.#matmul(hidden, [this.#weight(isTied ? 'embedding.weight' : 'head.weight')], width, false);
    return { logits: logitsOf(h), further: mtp && logitsOf(this.#further(mtp, h)) };
  }

  /** DeepSeek-V3 (arXiv 2412.19437), equations 21 to 23 at depth one, with the embedding first. */
  #further(layer: Layer, hidden: Tensor): Tensor {
    const number = this.#architecture.layers.length;
    const name = `layers.${number}.mtp`;
    const next = this.#embed(Array.from(this.#ids, (_, n) => (n + 1 < this.#ids.length ? at(this.#ids, n + 1) : 0)));
    const joined = this.#beside(
      this.#norm(next, `${name}.embeddingNorm`, layer.epsilon),
      this.#norm(hidden, `${name}.hiddenNorm`, layer.epsilon),
    );
    return this.#norm(this.#layer(layer, number, this.#linear(joined, `${name}.join`)), `${name}.norm`, layer.epsilon);
  }

  #embed(ids: Numbers): Tensor {
    const { vocabulary, width } = this.#architecture;
    const table = this.#weight('embedding.weight');
    return this.tape.record(embed(table.data, ids, width), (dy) =>
      accumulate(table, embedBackward(dy, ids, vocabulary, width)),
    );
  }

  #layer({ attention, feedForward, epsilon }: Layer, layer: number, before: Tensor): Tensor {
    const [attends, feeds] = [`layers.${layer}.attention`, `layers.${layer}.feedForward`];
    const x = this.#sum(before, this.#attention(attention, this.#norm(before, `${attends}.norm`, epsilon), attends));
    const h = this.#norm(x, `${feeds}.norm`, epsilon);
    return this.#sum(x, feedForward.kind === 'experts' ? this.#moe(feedForward, h, feeds) : this.#mlp(h, feeds));
  }

  #attention(a: Attention, x: Tensor, name: string): Tensor {
    return a.kind === 'latent' ? this.#latentAttention(a, x, name) : this.#groupedAttention(a, x, name);
  }

  #groupedAttention(a: GroupedQueryAttention, x: Tensor, name: string): Tensor {
    const { heads, kvHeads, headWidth, headNorm, hasBias, rope: turning } = a;
    const shape = { heads, kvHeads, width: headWidth };
    const turned = (part: 'query' | 'key', count: number) => {
      const projected = this.#linear(x, `${name}.${part}`, hasBias);
      const normed = headNorm ? this.#norm(projected, `${name}.${part}Norm`, headNorm.epsilon) : projected;
      if (!turning) return normed;
      const ropeShape = {
        heads: count,
        headDim: headWidth,
        ropeDim: turning.width,
        interleaved: turning.isInterleaved,
      };
      return this.#rope(normed, ropeShape, this.#ropeTable(turning));
    };
    const [q, k, v] = [turned('query', heads), turned('key', kvHeads), this.#linear(x, `${name}.value`, hasBias)];
    const inputs = {
      q: q.data,
      k: k.data,
      v: v.data,
      sequenceStart: this.#sequenceStart,
      scale: a.scale,
      window: a.window ?? Number.POSITIVE_INFINITY,
    };
    this.attention.push((n, head) => ({ p: [...probabilities(inputs, shape, n, head).p] }));
    const out = this.tape.record(groupedAttention(inputs, shape).out, (dy) => {
      const { dq, dk, dv } = groupedAttentionBackward(dy, inputs, shape);
      accumulate(q, dq);
      accumulate(k, dk);
      accumulate(v, dv);
    });
    return this.#linear(out, `${name}.output`, a.hasOutputBias);
  }

  #latentAttention(a: LatentAttention, x: Tensor, name: string): Tensor {
    const { rank, hasBias, epsilon } = a;
    const shape = { heads: a.heads, nopeDim: a.nope, ropeDim: a.rope.width, valueDim: a.value };
    const turned = { ropeDim: shape.ropeDim, interleaved: a.rope.isInterleaved };
    const table = this.#ropeTable(a.rope);

    const qLatent =
      a.queryRank === null
        ? undefined
        : this.#norm(this.#linear(x, `${name}.queryDown`, hasBias), `${name}.queryNorm`, epsilon);
    const q = this.#rope(
      qLatent ? this.#linear(qLatent, `${name}.queryUp`) : this.#linear(x, `${name}.query`),
      { ...turned, heads: shape.heads, headDim: shape.nopeDim + shape.ropeDim },
      table,
    );
    const kvA = this.#linear(x, `${name}.latentDown`, hasBias);
    const latent = this.#norm(this.#columns(kvA, rank + shape.ropeDim, 0, rank), `${name}.latentNorm`, epsilon);
    const kpe = this.#rope(
      this.#columns(kvA, rank + shape.ropeDim, rank, shape.ropeDim),
      { ...turned, heads: 1, headDim: shape.ropeDim },
      table,
    );
    const kv = this.#linear(latent, `${name}.latentUp`);

    const inputs = {
      q: q.data,
      kv: kv.data,
      kpe: kpe.data,
      sequenceStart: this.#sequenceStart,
      scale: a.scale,
    };
    this.attention.push((n, head) => {
      const products = mlaProducts(inputs, shape, n, head);
      const powers = products.map(({ content, position }) => Math.exp((content + position) * a.scale));
      const total = powers.reduce((sum, power) => sum + power, 0);
      return { products, p: powers.map((power) => power / total) };
    });
    const out = this.tape.record(mlaAttention(inputs, shape).out, (dy) => {
      const { dq, dkv, dkpe } = mlaAttentionBackward(dy, inputs, shape);
      accumulate(q, dq);
      accumulate(kv, dkv);
      accumulate(kpe, dkpe);
    });
    return this.#linear(out, `${name}.output`, hasBias);
  }

  #moe(f: ExpertsFeedForward, x: Tensor, name: string): Tensor {
    const { width } = this.#architecture;
    const { topK } = f;
    const options = {
      experts: f.numExperts,
      topK,
      groups: f.numGroups,
      topGroups: f.keptGroups,
      normalize: f.isNormalized,
      scoring: f.scores,
      scalingFactor: f.scale,
    };
    const logits = this.#linear(x, `${name}.router`);
    const bias = f.hasSelectionBias ? this.#get(`${name}.router.selectionBias`) : new Float64Array(f.numExperts);
    const route = moeRoute(logits.data, bias, options);
    const weights = this.tape.record(route.weights, (dy) =>
      accumulate(logits, moeRouteBackward(dy, logits.data, route.experts, options)),
    );

    const { counts, starts, items, rows } = countingSort(route.experts, f.numExperts, 1);
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
    return f.numShared > 0 ? this.#sum(y, this.#mlp(x, `${name}.shared`)) : y;
  }

  #mlp(x: Tensor, name: string): Tensor {
    const depth = this.#architecture.width;
    const gate = this.#weight(`${name}.gate.weight`);
    const up = this.#weight(`${name}.up.weight`);
    const hidden = this.#matmul(x, [gate, up], depth, this.#isFp8); // (N, 2F)
    const width = gate.data.length / depth;
    const activated = this.tape.record(swiglu(hidden.data, width), (dy) =>
      accumulate(hidden, swigluBackward(dy, hidden.data, width)),
    );
    return this.#matmul(activated, [this.#weight(`${name}.down.weight`)], width, this.#isFp8);
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
    const isRounded = this.#isFp8 && !/\.(router|join)$/.test(name);
    const y = this.#matmul(x, [weight], x.data.length / this.#ids.length, isRounded);
    if (!hasBias) return y;
    const bias = this.#weight(`${name}.bias`);
    return this.tape.record(addBias(y.data, bias.data), (dy) => {
      accumulate(y, dy);
      accumulate(bias, addBiasBackward(dy, bias.data.length));
    });
  }

  /** x (M, K) · wᵀ, w (N, K) of some matrices, one below the other. */
  #matmul(x: Tensor, weights: readonly Tensor[], k: number, isRounded: boolean): Tensor {
    const w = this.#concat(weights);
    const [m, n] = [x.data.length / k, w.data.length / k];
    const round = isRounded ? fp8Tiles : (numbers: Numbers) => numbers;
    const xRounded = round(x.data, { rows: m, width: k }, FP8_ROW);
    const wRounded = weights.flatMap(({ data }) => [
      ...Array.from(round(data, { rows: data.length / k, width: k }, FP8_BLOCK)),
    ]);
    return this.tape.record(matmulNt(xRounded, wRounded, { m, n, k }), (dy) => {
      const dyRounded = round(dy, { rows: m, width: n }, FP8_ROW);
      accumulate(x, matmulNn(dyRounded, wRounded, { m, n: k, k: n }));
      const [xTurned, dyTurned] = [
        round(xRounded, { rows: m, width: k }, FP8_COLUMN),
        round(dy, { rows: m, width: n }, FP8_COLUMN),
      ];
      accumulate(w, matmulTn(dyTurned, xTurned, { m: n, n: k, k: m }));
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

  #ropeTable(rope: Rope): RopeTable {
    const known = this.#ropeTables.get(rope) ?? ropeTable(rope, this.#ids.length);
    this.#ropeTables.set(rope, known);
    return known;
  }

  #rope(x: Tensor, shape: RopeShape, table: RopeTable): Tensor {
    return this.tape.record(rope(x.data, this.#positions, table, shape), (dy) =>
      accumulate(x, ropeBackward(dy, this.#positions, table, shape)),
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

  /** a (N, D) and b (N, D), side by side. */
  #beside(a: Tensor, b: Tensor): Tensor {
    const { width } = this.#architecture;
    const place = (i: number) => Math.floor(i / width) * 2 * width + (i % width);
    const data = new Float64Array(a.data.length + b.data.length);
    a.data.forEach((value, i) => {
      data[place(i)] = value;
      data[place(i) + width] = at(b.data, i);
    });
    return this.tape.record(data, (dy) => {
      accumulate(
        a,
        a.data.map((_, i) => at(dy, place(i))),
      );
      accumulate(
        b,
        b.data.map((_, i) => at(dy, place(i) + width)),
      );
    });
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
