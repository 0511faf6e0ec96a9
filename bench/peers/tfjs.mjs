// TensorFlow.js on its WebGPU or WebAssembly back end. It has Adam but not AdamW.
import './dawn.mjs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { serve } from './child.mjs';

const backEnd = process.argv[2] === 'cpu' ? 'wasm' : 'webgpu';
if (backEnd === 'wasm') {
  setWasmPaths(fileURLToPath(new URL('.', import.meta.resolve('@tensorflow/tfjs-backend-wasm'))));
  setThreadsCount(Number(process.argv[3]));
}
if (!(await tf.setBackend(backEnd))) throw new Error(`TensorFlow.js finds no ${backEnd} device`);

async function gemm({ size, a, b, places }) {
  const [left, right] = [a, b].map((data) => tf.tensor2d(data, [size, size]));
  const first = tf.matMul(left, right);
  const product = await first.data();
  first.dispose();
  return {
    check: places.map((place) => product[place]),
    run: async (times) => {
      const products = Array.from({ length: times }, () => tf.matMul(left, right));
      // Work is done in order, so the last number is there when all are.
      await tf.tidy(() => tf.slice(products.at(-1), [0, 0], [1, 1])).data();
      tf.dispose(products);
    },
  };
}

/** x (N, D) times weight (M, D), as PyTorch stores it. */
const linear = (x, weight) => tf.matMul(x, weight, false, true);

function rmsNorm(x, weight, epsilon) {
  const inverseRms = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon));
  return tf.mul(tf.mul(x, inverseRms), weight);
}

/** cos and sin (positions, pairs) of positions 0 … count − 1. */
function angles({ headWidth, ropeTheta }, count) {
  const pairs = headWidth / 2;
  const of = (turn) =>
    tf.tensor2d(
      Float32Array.from({ length: count * pairs }, (_, i) =>
        turn(Math.floor(i / pairs) * ropeTheta ** ((-2 * (i % pairs)) / headWidth)),
      ),
      [count, pairs],
    );
  return { cos: of(Math.cos), sin: of(Math.sin) };
}

/** Turns x (B, H, T, D) by halves. */
function rope(x, { cos, sin }) {
  const [first, second] = tf.split(x, 2, -1);
  return tf.concat(
    [tf.sub(tf.mul(first, cos), tf.mul(second, sin)), tf.add(tf.mul(second, cos), tf.mul(first, sin))],
    -1,
  );
}

/** The layers over x (B·T, C). `attend(layer, q, k, v)` gets (B, H, T, D) each and returns as much. */
function layers(shape, p, x, batch, turn, attend) {
  const { heads, headWidth, width, epsilon } = shape;
  const time = x.shape[0] / batch;
  let h = x;
  for (let layer = 0; layer < shape.layers; layer++) {
    const weight = (name) => p[`${layer}.${name}`];
    const normed = rmsNorm(h, weight('attention_norm'), epsilon);
    const project = (name) =>
      tf.transpose(tf.reshape(linear(normed, weight(name)), [batch, time, heads, headWidth]), [0, 2, 1, 3]);
    const attended = attend(layer, rope(project('q'), turn), rope(project('k'), turn), project('v'));
    const rows = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [batch * time, width]);
    h = tf.add(h, linear(rows, weight('o')));
    const mlp = rmsNorm(h, weight('mlp_norm'), epsilon);
    const gate = linear(mlp, weight('gate'));
    const hidden = tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(mlp, weight('up')));
    h = tf.add(h, linear(hidden, weight('down')));
  }
  return rmsNorm(h, p.norm, epsilon);
}

/** softmax(q·kᵀ/√D + mask)·v. */
function attention(q, k, v, mask) {
  const scores = tf.mul(tf.matMul(q, k, false, true), q.shape.at(-1) ** -0.5);
  return tf.matMul(tf.softmax(tf.add(scores, mask), -1), v);
}

/** (T, T): 0 where a query sees a key, else very negative. */
function causalMask(time) {
  const isHidden = (i) => i % time > Math.floor(i / time);
  return tf.tensor2d(
    Float32Array.from({ length: time * time }, (_, i) => (isHidden(i) ? -1e9 : 0)),
    [time, time],
  );
}

const parameters = (tensors) =>
  Object.fromEntries([...tensors].map(([name, { data, shape }]) => [name, tf.variable(tf.tensor(data, shape))]));

async function train({ shape, tensors, tokens, adamw, checkedSteps }) {
  const batch = tokens.length;
  const time = tokens[0].length - 1;
  const p = parameters(tensors);
  const oneHot = (first) =>
    tf.tidy(() => {
      const ids = Int32Array.from(tokens.flatMap((row) => [...row.subarray(first, first + time)]));
      return tf.cast(tf.oneHot(tf.tensor1d(ids, 'int32'), shape.vocabulary), 'float32');
    });
  const [inputs, targets, turn, mask] = [oneHot(0), oneHot(1), angles(shape, time), causalMask(time)];
  const loss = () => {
    const x = tf.matMul(inputs, p.embedding);
    const hidden = layers(shape, p, x, batch, turn, (_, q, k, v) => attention(q, k, v, mask));
    const logProbs = tf.logSoftmax(linear(hidden, p.embedding), -1);
    return tf.mul(tf.sum(tf.mul(logProbs, targets)), -1 / (batch * time));
  };
  const { learningRate, beta1, beta2, epsilon } = adamw;
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  const step = () => optimizer.minimize(loss, true);
  const numberOf = async (scalar) => {
    const [value] = await scalar.data();
    scalar.dispose();
    return value;
  };
  const check = [];
  for (let i = 0; i < checkedSteps; i++) check.push(await numberOf(step()));
  return {
    check,
    detail: 'Adam, no weight decay',
    run: async (times) => {
      for (let i = 1; i < times; i++) step().dispose();
      await numberOf(step());
    },
  };
}

/** Greedy, keys and values cached by appending; the drawn token never leaves the device before the end. */
async function decode({ shape, tensors, prompt, newTokens, checkedTokens }) {
  const p = parameters(tensors);
  const pairs = shape.headWidth / 2;
  const tables = angles(shape, prompt.length + newTokens);
  const mask = causalMask(prompt.length);
  /** Reads ids (n) at `place` and on; returns the next token and the caches, now longer. */
  const read = (ids, place, old) =>
    tf.tidy(() => {
      const count = ids.shape[0];
      const cache = {};
      const turnOf = (table) => tf.slice(table, [place, 0], [count, pairs]);
      const turn = { cos: turnOf(tables.cos), sin: turnOf(tables.sin) };
      const hidden = layers(shape, p, tf.gather(p.embedding, ids), 1, turn, (layer, q, k, v) => {
        const append = (name, value) => {
          const before = old?.[`${layer}.${name}`];
          const all = before ? tf.concat([before, value], 2) : value;
          cache[`${layer}.${name}`] = all;
          return all;
        };
        // A single query sees every key.
        return attention(q, append('k', k), append('v', v), count === 1 ? tf.scalar(0) : mask);
      });
      const last = tf.slice(hidden, [count - 1, 0], [1, shape.width]);
      return { token: tf.argMax(linear(last, p.embedding), -1), cache };
    });
  const generate = async () => {
    const ids = tf.tensor1d(prompt, 'int32');
    let { token, cache } = read(ids, 0, undefined);
    const drawn = [token];
    for (let place = prompt.length; drawn.length < newTokens; place++) {
      const next = read(token, place, cache);
      tf.dispose(cache);
      ({ token, cache } = next);
      drawn.push(token);
    }
    const all = tf.concat(drawn);
    const values = [...(await all.data())];
    tf.dispose([ids, all, drawn, cache]);
    return values;
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
