import { describe, expect, test } from 'vitest';
import * as reference from '../../reference/groupedAttention';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { SharedTexts, spansOf, startsOf } from '../../testing/packedTexts';
import { attention, attentionBackwardKv, attentionBackwardQ, attentionDelta, groupedShape } from './attention';

const runner = setUpKernelRunner();

interface Given {
  readonly q: Float32Array;
  readonly k: Float32Array;
  readonly v: Float32Array;
  readonly spans: readonly number[];
  readonly dy: Float32Array;
}

/** Output and gradients of attention over packed tokens. */
async function run(gpu: KernelRunner, shape: Parameters<typeof groupedShape>[0], { q, k, v, spans, dy }: Given) {
  const { rows, heads } = shape;
  const sizes = groupedShape(shape);
  const given = { q: gpu.floats(q), kv: gpu.floats(v), k_rope: gpu.floats(k), spans: gpu.words(spans) };
  const [y, log_sum_exp, delta] = [gpu.output(q.length), gpu.output(rows * heads), gpu.output(rows * heads)];
  const [dq, dkv_rope] = [gpu.output(q.length), gpu.output(v.length + k.length)];
  const known = { ...given, log_sum_exp, delta, dy: gpu.floats(dy) };
  await gpu.run(
    attention(sizes, { ...given, y, log_sum_exp }),
    attentionDelta(sizes, { y, dy: known.dy, delta }),
    attentionBackwardQ(sizes, { ...known, dq }),
    attentionBackwardKv(sizes, { ...known, dkv_rope }),
  );
  const dkv = await gpu.readFloats(dkv_rope);
  return {
    y: await gpu.readFloats(y),
    logSumExp: await gpu.readFloats(log_sum_exp),
    dq: await gpu.readFloats(dq),
    dv: dkv.subarray(0, v.length),
    dk: dkv.subarray(v.length),
  };
}

describe.each([
  { name: 'a token alone', lengths: [1] },
  { name: '63 tokens', lengths: [63] },
  { name: '64 tokens', lengths: [64] },
  { name: '65 tokens', lengths: [65] },
  { name: 'sequences of 1, 17, 2 and 45 tokens', lengths: [1, 17, 2, 45] },
  { name: '530 tokens', lengths: [530] },
])('grouped-query attention over $name', ({ lengths }) => {
  test.each([
    { heads: 4, kvHeads: 2, width: 8 },
    { heads: 3, kvHeads: 3, width: 5 },
    { heads: 3, kvHeads: 1, width: 12 },
    { heads: 6, kvHeads: 2, width: 7, window: 9 },
    { heads: 2, kvHeads: 1, width: 8, window: 40 },
    { heads: 2, kvHeads: 2, width: 4, window: 1 },
  ])('forward and backward for %o', async (shape) => {
    const { heads, kvHeads, width, window = Number.POSITIVE_INFINITY } = shape;
    const sequenceStart = startsOf(lengths);
    const rows = sequenceStart.length;
    const scale = width ** -0.5;
    const [q, dy] = [normalFloats(rows * heads * width, 1), normalFloats(rows * heads * width, 4)];
    const [k, v] = [normalFloats(rows * kvHeads * width, 2), normalFloats(rows * kvHeads * width, 3)];
    const got = await run(runner(), { ...shape, rows, scale }, { q, k, v, spans: spansOf(lengths), dy });

    const because = `f32 sums over ${Math.max(...lengths)} keys of products and exponentials`;
    const tolerance = { relative: 5e-6, absolute: 2e-6, because };
    const inputs = { q, k, v, sequenceStart, scale, window };
    const { out, logSumExp } = reference.groupedAttention(inputs, shape);
    expectClose(got.y, out, tolerance);
    expectClose(got.logSumExp, logSumExp, tolerance);
    const grads = reference.groupedAttentionBackward(dy, inputs, shape);
    for (const name of ['dq', 'dk', 'dv'] as const) expectClose(got[name], grads[name], tolerance);
  });
});

test.each([undefined, 1, 3, 12, 30, 1000])(
  'a prefix that several sequences continue counts as if each had its own (window %s)',
  async (window) => {
    const texts = new SharedTexts([
      { prefix: 19, continuations: [7, 1, 40] },
      { prefix: 2, continuations: [33, 5] },
      { prefix: 40, continuations: [3, 3, 50] },
    ]);
    const { rows, spans } = texts;
    const [heads, kvHeads, width, scale] = [4, 2, 8, 0.4];
    const shape = { heads, kvHeads, width };
    const [q, dy] = [normalFloats(rows * heads * width, 1), normalFloats(rows * heads * width, 4)];
    const [k, v] = [normalFloats(rows * kvHeads * width, 2), normalFloats(rows * kvHeads * width, 3)];
    const got = await run(runner(), { ...shape, rows, scale, window }, { q, k, v, spans, dy });

    const inputs = {
      q: texts.expand(q, heads * width),
      k: texts.expand(k, kvHeads * width),
      v: texts.expand(v, kvHeads * width),
      sequenceStart: texts.sequenceStart,
      scale,
      window: window ?? Number.POSITIVE_INFINITY,
    };
    const tolerance = { relative: 5e-6, absolute: 5e-6, because: 'f32 sums over up to 153 keys and queries' };
    expectClose(texts.expand(got.y, heads * width), reference.groupedAttention(inputs, shape).out, tolerance);
    // A prefix row's output is there once in the shared layout.
    const grads = reference.groupedAttentionBackward(texts.expandOnce(dy, heads * width), inputs, shape);
    expectClose(got.dq, texts.gather(grads.dq, heads * width), tolerance);
    expectClose(got.dk, texts.gather(grads.dk, kvHeads * width), tolerance);
    expectClose(got.dv, texts.gather(grads.dv, kvHeads * width), tolerance);
  },
);

test.each([undefined, 40])('a sequence has the same bits alone and among others (window %s)', async (window) => {
  const [heads, kvHeads, width, scale] = [2, 1, 12, 0.3];
  const lengths = [3, 300, 21, 77];
  const rows = startsOf(lengths).length;
  const numbers = (count: number, seed: number) => normalFloats(rows * count * width, seed);
  const all = { q: numbers(heads, 1), k: numbers(kvHeads, 2), v: numbers(kvHeads, 3), dy: numbers(heads, 4) };
  const shape = { heads, kvHeads, width, scale, window };
  const together = await run(runner(), { ...shape, rows }, { ...all, spans: spansOf(lengths) });
  let first = 0;
  for (const length of lengths) {
    const part = (x: Float32Array) => x.subarray((first * x.length) / rows, ((first + length) * x.length) / rows);
    const own = { q: part(all.q), k: part(all.k), v: part(all.v), dy: part(all.dy), spans: spansOf([length]) };
    const alone = await run(runner(), { ...shape, rows: length }, own);
    for (const name of ['y', 'logSumExp', 'dq', 'dk', 'dv'] as const) expect(alone[name]).toEqual(part(together[name]));
    first += length;
  }
});
