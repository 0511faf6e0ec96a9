// jax-js: arrays are consumed by what uses them, `.ref` keeps one for another use.
import './dawn.mjs';
import './iteratorHelpers.mjs';
import { serve } from './child.mjs';

const jax = await import('@jax-js/jax');
const { numpy: np, nn, tree } = jax;

const backEnd = process.argv[2] === 'cpu' ? 'wasm' : 'webgpu';
const available = await jax.init(backEnd);
if (!available.includes(backEnd)) throw new Error(`jax-js finds no ${backEnd} device`);
jax.defaultDevice(backEnd);

const array = (data, shape) => np.array(data, { shape });
const parameters = (tensors) =>
  Object.fromEntries([...tensors].map(([name, { data, shape }]) => [name, array(data, shape)]));

async function gemm({ size, a, b, places }) {
  const matmul = jax.jit((x, y) => np.matmul(x, y));
  const [left, right] = [a, b].map((data) => array(data, [size, size]));
  const product = await matmul(left.ref, right.ref).data();
  return {
    check: places.map((place) => product[place]),
    run: async (times) => {
      const products = Array.from({ length: times }, () => matmul(left.ref, right.ref));
      await jax.blockUntilReady(products);
      tree.dispose(products);
    },
  };
}

/** x (…, D) times weight (M, D), as PyTorch stores it. */
const linear = (x, weight) => np.matmul(x, weight.transpose());

function rmsNorm(x, weight, epsilon) {
  const meanSquare = np.mean(np.square(x.ref), -1, { keepdims: true });
  return x.div(np.sqrt(meanSquare.add(epsilon))).mul(weight);
}

/** cos and sin (positions, 1, pairs) of positions first … first + count − 1. */
function angles({ headWidth, ropeTheta }, count) {
  const pairs = headWidth / 2;
  const of = (turn) =>
    Float32Array.from({ length: count * pairs }, (_, i) =>
      turn(Math.floor(i / pairs) * ropeTheta ** ((-2 * (i % pairs)) / headWidth)),
    );
  return { cos: array(of(Math.cos), [count, 1, pairs]), sin: array(of(Math.sin), [count, 1, pairs]) };
}

/** Turns x (…, T, H, D) by halves. */
function rope(x, { cos, sin }) {
  const [first, second] = np.split(x, 2, -1);
  return np.concatenate(
    [first.ref.mul(cos.ref).sub(second.ref.mul(sin.ref)), second.mul(cos.ref).add(first.mul(sin.ref))],
    -1,
  );
}

/**
 * The layers over x (B, T, C). `attend(layer, q, k, v)` gets (B, T, H, D) each and returns as much.
 * Consumes what it uses of `p`, the embedding except.
 */
function layers(shape, p, x, turn, attend) {
  const { heads, headWidth, width, epsilon } = shape;
  const [batch, time] = x.shape;
  let h = x;
  for (let layer = 0; layer < shape.layers; layer++) {
    const weight = (name) => p[`${layer}.${name}`];
    const normed = rmsNorm(h.ref, weight('attention_norm'), epsilon);
    const project = (name) => linear(normed.ref, weight(name)).reshape([batch, time, heads, headWidth]);
    const [q, k, v] = [rope(project('q'), turn), rope(project('k'), turn), project('v')];
    normed.dispose();
    h = h.add(linear(attend(layer, q, k, v).reshape([batch, time, width]), weight('o')));
    const mlp = rmsNorm(h.ref, weight('mlp_norm'), epsilon);
    const gate = nn.silu(linear(mlp.ref, weight('gate')));
    h = h.add(linear(gate.mul(linear(mlp, weight('up'))), weight('down')));
  }
  return rmsNorm(h, p.norm, epsilon);
}

async function train({ shape, tensors, tokens, adamw, checkedSteps }) {
  const batch = tokens.length;
  const time = tokens[0].length - 1;
  const ids = (first) =>
    nn.oneHot(
      np.array(Int32Array.from(tokens.flatMap((row) => [...row.subarray(first, first + time)])), { dtype: np.int32 }),
      shape.vocabulary,
    );
  const turn = angles(shape, time);
  const lossOf = (p, inputs, targets) => {
    const x = np.matmul(inputs, p.embedding.ref).reshape([batch, time, shape.width]);
    const hidden = layers(shape, p, x, turn, (_, q, k, v) => nn.dotProductAttention(q, k, v, { isCausal: true }));
    const logits = linear(hidden, p.embedding).reshape([batch * time, shape.vocabulary]);
    return np.sum(nn.logSoftmax(logits, -1).mul(targets)).mul(-1 / (batch * time));
  };
  const { learningRate, beta1, beta2, epsilon, weightDecay } = adamw;
  const step = jax.jit((p, m, v, correction1, correction2, inputs, targets) => {
    const [loss, gradient] = jax.valueAndGrad(lossOf)(tree.ref(p), inputs, targets);
    const next = { p: {}, m: {}, v: {} };
    for (const name of Object.keys(p)) {
      const g = gradient[name];
      const first = m[name].mul(beta1).add(g.ref.mul(1 - beta1));
      const second = v[name].mul(beta2).add(np.square(g).mul(1 - beta2));
      const denominator = np.sqrt(second.ref.div(correction2.ref)).add(epsilon);
      const move = first.ref.div(correction1.ref).div(denominator).mul(learningRate);
      next.p[name] = p[name].mul(1 - learningRate * weightDecay).sub(move);
      next.m[name] = first;
      next.v[name] = second;
    }
    correction1.dispose();
    correction2.dispose();
    return [loss, next.p, next.m, next.v];
  });
  const [inputs, targets] = [ids(0), ids(1)];
  await jax.blockUntilReady([inputs, targets]);
  let p = parameters(tensors);
  let [m, v] = [0, 1].map(() => tree.map((x) => np.zeros(x.shape), p));
  let steps = 0;
  const take = () => {
    steps++;
    const correction = (beta) => np.array(1 - beta ** steps);
    let loss;
    [loss, p, m, v] = step(p, m, v, correction(beta1), correction(beta2), inputs.ref, targets.ref);
    return loss;
  };
  const check = [];
  for (let i = 0; i < checkedSteps; i++) check.push((await take().data())[0]);
  return {
    check,
    run: async (times) => {
      for (let i = 1; i < times; i++) take().dispose();
      await take().data();
    },
  };
}

/** Greedy, keys and values cached for all places from the start; the drawn token never leaves the device before the end. */
async function decode({ shape, tensors, prompt, newTokens, checkedTokens }) {
  const { heads, headWidth, vocabulary } = shape;
  const length = prompt.length + newTokens;
  const p = parameters(tensors);
  const places = np.arange(length);
  const tables = angles(shape, length);
  const promptTurn = angles(shape, prompt.length);
  const draw = (parameters, hidden) => np.argmax(linear(hidden, parameters.embedding), -1).reshape([1]);
  const padding = np.zeros([1, newTokens, heads, headWidth]);
  const prefill = jax.jit((parameters, ids) => {
    const cache = {};
    const x = np.matmul(nn.oneHot(ids, vocabulary), parameters.embedding.ref).reshape([1, prompt.length, shape.width]);
    const hidden = layers(shape, parameters, x, promptTurn, (layer, q, k, v) => {
      cache[`${layer}.k`] = np.concatenate([k.ref, padding.ref], 1);
      cache[`${layer}.v`] = np.concatenate([v.ref, padding.ref], 1);
      return nn.dotProductAttention(q, k, v, { isCausal: true });
    });
    const last = np.split(hidden, [prompt.length - 1], 1)[1];
    return [draw(parameters, last), cache];
  });
  const step = jax.jit((parameters, old, token, place) => {
    const cache = {};
    const x = np.matmul(nn.oneHot(token, vocabulary), parameters.embedding.ref).reshape([1, 1, shape.width]);
    const turnOf = (table) =>
      np
        .matmul(nn.oneHot(place.ref, length), table.ref.reshape([length, headWidth / 2]))
        .reshape([1, 1, headWidth / 2]);
    const turn = { cos: turnOf(tables.cos), sin: turnOf(tables.sin) };
    const isHere = np.equal(places.ref, place.ref).reshape([1, length, 1, 1]);
    const isSeen = np.lessEqual(places.ref, place).reshape([1, 1, 1, length]);
    const hidden = layers(shape, parameters, x, turn, (layer, q, k, v) => {
      const write = (name, value) => np.where(isHere.ref, value, old[`${layer}.${name}`]);
      const keys = write('k', k);
      const values = write('v', v);
      cache[`${layer}.k`] = keys.ref;
      cache[`${layer}.v`] = values.ref;
      return nn.dotProductAttention(q, keys, values, { mask: isSeen.ref });
    });
    return [draw(parameters, hidden), cache];
  });
  const generate = async () => {
    const drawn = [];
    let [token, cache] = prefill(tree.ref(p), np.array(Int32Array.from(prompt), { dtype: np.int32 }));
    drawn.push(token.ref);
    for (let place = prompt.length; drawn.length < newTokens; place++) {
      [token, cache] = step(tree.ref(p), cache, token, np.array(Int32Array.of(place), { dtype: np.int32 }));
      drawn.push(token.ref);
    }
    token.dispose();
    tree.dispose(cache);
    return [...(await np.concatenate(drawn).data())];
  };
  const drawn = await generate();
  return {
    check: drawn.slice(0, checkedTokens),
    run: async (times) => {
      for (let i = 0; i < times; i++) await generate();
    },
  };
}

serve({ gemm, train, decode });
