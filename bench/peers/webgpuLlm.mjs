// webgpu-llm. Its reductions are written for subgroups of 32 and it refuses other adapters; there it runs with reductions
// over workgroup memory instead, and says that it is patched.
import './dawn.mjs';
import { serve } from './child.mjs';

const SHARED = './shaders/00_shared.wgsl';

/** A reduction that asks nothing of subgroups, in the place of the one that does. */
const reduction = (name, combine) => `
fn ${name}(tid: u32, val: f32) -> f32 {
  sh_red[tid] = val;
  workgroupBarrier();
  for (var step = WG / 2u; step > 0u; step /= 2u) {
    if (tid < step) { sh_red[tid] = ${combine('sh_red[tid]', 'sh_red[tid + step]')}; }
    workgroupBarrier();
  }
  let result = sh_red[0];
  workgroupBarrier();
  return result;
}
`;

/** Fits the library to subgroups that are not 32 wide; returns whether that was needed. */
async function fitSubgroups() {
  const { gpu } = navigator;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  const { subgroupMinSize, subgroupMaxSize } = adapter.info;
  if (subgroupMinSize === 32 && subgroupMaxSize === 32) return false;
  const llm = new URL(import.meta.resolve('webgpu-llm/llm'));
  const { default: shaders } = await import(new URL('shaders/_inlined.js', llm));
  const from = shaders[SHARED].indexOf('fn wg_reduce_sum');
  shaders[SHARED] =
    shaders[SHARED].slice(0, from) +
    reduction('wg_reduce_sum', (a, b) => `${a} + ${b}`) +
    reduction('wg_reduce_max', (a, b) => `max(${a}, ${b})`);
  gpu.requestAdapter = async () =>
    new Proxy(adapter, {
      get: (target, key) => {
        if (key === 'info') return { subgroupMinSize: 32, subgroupMaxSize: 32 };
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return true;
}

async function openEngine() {
  const isPatched = await fitSubgroups();
  const { LLMEngine, Model } = await import('webgpu-llm/llm');
  const engine = await new LLMEngine().init();
  return { engine, Model, ...(isPatched && { detail: 'patched to run without subgroups of 32' }) };
}

async function gemm({ size, a, b, places }) {
  const { engine, detail } = await openEngine();
  const { device, pipelines } = engine;
  const [x, w, y] = ['x', 'w', 'y'].map((name) => engine.storage(size * size * 4, name));
  const dims = engine.uniform(16, 'dims');
  engine.write(x, a);
  engine.write(w, b);
  engine.write(dims, new Uint32Array([size, size, size, 0]));
  const bindGroup = engine.bind('matmul', [x, w, y, dims]);
  const multiply = () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipelines.matmul);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(Math.ceil(size / 64), Math.ceil(size / 64));
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
  multiply();
  const product = new Float32Array(await engine.read(y, size * size * 4));
  return {
    check: places.map((place) => product[place]),
    detail,
    run: async (times) => {
      for (let i = 0; i < times; i++) multiply();
      await device.queue.onSubmittedWorkDone();
    },
  };
}

/** (M, D) → (D, M): the library multiplies by x·W. */
function transposed({ data, shape: [rows, columns] }) {
  return Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Rows of q or k reordered within each head, from turning halves to turning neighbours. */
function neighbours({ data, shape }, headWidth) {
  const columns = shape[1];
  const half = headWidth / 2;
  const rowOf = (row) => {
    const place = row % headWidth;
    return row - place + Math.floor(place / 2) + (place % 2) * half;
  };
  return {
    shape,
    data: Float32Array.from(data, (_, i) => data[rowOf(Math.floor(i / columns)) * columns + (i % columns)]),
  };
}

function createModel({ engine, Model }, shape, tensors, time) {
  const model = new Model(engine, {
    d_model: shape.width,
    n_heads: shape.heads,
    n_kv_heads: shape.heads,
    head_dim: shape.headWidth,
    kv_dim: shape.width,
    n_layers: shape.layers,
    d_ff: shape.hidden,
    activation: 'swiglu',
    vocab_size: shape.vocabulary,
    seq_len: time,
    rms_eps: shape.epsilon,
    precision: 'fp32',
  });
  model.allocate();
  const write = (place, data) => engine.write(place.buffer, data, place.offset);
  write(model.weights.tok_emb, tensors.get('embedding').data);
  write(model.weights.final_norm_w, tensors.get('norm').data);
  model.weights.layers.forEach((places, layer) => {
    const tensor = (name) => tensors.get(`${layer}.${name}`);
    write(places.attn_norm_w, tensor('attention_norm').data);
    write(places.ffn_norm_w, tensor('mlp_norm').data);
    write(places.wq, transposed(neighbours(tensor('q'), shape.headWidth)));
    write(places.wk, transposed(neighbours(tensor('k'), shape.headWidth)));
    for (const [to, from] of Object.entries({ wv: 'v', wo: 'o', w_gate: 'gate', w_up: 'up', w_down: 'down' })) {
      write(places[to], transposed(tensor(from)));
    }
  });
  model.allocActivations();
  return model;
}

/** One sequence a step is what the library trains on: here all of them in a row, each masked from those before it. */
async function train({ shape, tensors, tokens, adamw, checkedSteps }) {
  const opened = await openEngine();
  const time = tokens[0].length - 1;
  const rows = tokens.length * time;
  const model = createModel(opened, shape, tensors, rows);
  model.allocBackward();
  const flat = (first) => Uint32Array.from(tokens.flatMap((row) => [...row.subarray(first, first + time)]));
  const [inputs, targets] = [flat(0), flat(1)];
  const starts = Uint32Array.from({ length: rows }, (_, i) => i - (i % time));
  const settings = {
    lr: adamw.learningRate,
    beta1: adamw.beta1,
    beta2: adamw.beta2,
    weight_decay: adamw.weightDecay,
    adam_eps: adamw.epsilon,
    grad_clip: 1e9,
  };
  const step = async () => {
    const loss = await model.forwardLoss(inputs, targets, starts);
    await model.backward(inputs);
    await model.step(settings);
    return loss;
  };
  const check = [];
  for (let i = 0; i < checkedSteps; i++) check.push(await step());
  return {
    check,
    detail: opened.detail,
    run: async (times) => {
      for (let i = 0; i < times; i++) await step();
      await opened.engine.device.queue.onSubmittedWorkDone();
    },
  };
}

function indexOfGreatest(values) {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}

async function decode({ shape, tensors, prompt, newTokens, checkedTokens }) {
  const opened = await openEngine();
  const model = createModel(opened, shape, tensors, prompt.length + newTokens);
  const generate = async () => {
    // The logits that prefilling returns are overwritten by its loss, so the prompt's last token is decoded.
    await model.prefillCache(Uint32Array.from(prompt.slice(0, -1)));
    const tokens = [...prompt];
    while (tokens.length < prompt.length + newTokens) {
      tokens.push(indexOfGreatest(await model.decodeOne(tokens.at(-1), tokens.length - 1)));
    }
    return tokens.slice(prompt.length);
  };
  const drawn = await generate();
  return {
    check: drawn.slice(0, checkedTokens),
    detail: opened.detail,
    run: async (times) => {
      for (let i = 0; i < times; i++) await generate();
    },
  };
}

serve({ gemm, train, decode });
