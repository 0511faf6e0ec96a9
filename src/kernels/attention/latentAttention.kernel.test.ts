import { describe, test } from 'vitest';
import * as reference from '../../reference/mlaAttention';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { SharedTexts, spansOf, startsOf } from '../../testing/packedTexts';
import { sumHeads } from '../elementwise/pointwise';
import { attention, attentionBackwardKv, attentionBackwardQ, attentionDelta, latentShape } from './attention';

const runner = setUpKernelRunner();

describe.each([
  { name: 'a token alone', lengths: [1] },
  { name: '63 tokens', lengths: [63] },
  { name: '64 tokens', lengths: [64] },
  { name: '65 tokens', lengths: [65] },
  { name: 'sequences of 1, 17, 2 and 45 tokens', lengths: [1, 17, 2, 45] },
])('latent attention over $name', ({ lengths }) => {
  test.each([
    { heads: 1, nopeDim: 4, ropeDim: 2, valueDim: 4 },
    { heads: 4, nopeDim: 16, ropeDim: 8, valueDim: 16 },
    { heads: 3, nopeDim: 5, ropeDim: 2, valueDim: 7 },
  ])('forward and backward for %o', async (shape) => {
    const gpu = runner();
    const { heads, nopeDim, ropeDim, valueDim } = shape;
    const rows = lengths.reduce((total, length) => total + length);
    const spans = spansOf(lengths);
    const inputs = {
      q: normalFloats(rows * heads * (nopeDim + ropeDim), 1),
      kv: normalFloats(rows * heads * (nopeDim + valueDim), 2),
      kpe: normalFloats(rows * ropeDim, 3),
      sequenceStart: startsOf(lengths),
      scale: (nopeDim + ropeDim) ** -0.5,
    };
    const dOut = normalFloats(rows * heads * valueDim, 4);

    const items = rows * heads;
    const given = {
      q: gpu.floats(inputs.q),
      kv: gpu.floats(inputs.kv),
      k_rope: gpu.floats(inputs.kpe),
      spans: gpu.words(spans),
    };
    const [y, log_sum_exp, dy] = [gpu.output(items * valueDim), gpu.output(items), gpu.floats(dOut)];
    const delta = gpu.output(items);
    const dq = gpu.output(items * (nopeDim + ropeDim));
    const dkv_rope = gpu.output(items * (nopeDim + valueDim + ropeDim));
    const dkpe = gpu.output(rows * ropeDim);
    const sizes = latentShape({ rows, heads, nope: nopeDim, rope: ropeDim, value: valueDim, scale: inputs.scale });
    const xOffset = items * (nopeDim + valueDim);
    await gpu.run(
      attention(sizes, { ...given, y, log_sum_exp }),
      attentionDelta(sizes, { y, dy, delta }),
      attentionBackwardQ(sizes, { ...given, log_sum_exp, delta, dy, dq }),
      attentionBackwardKv(sizes, { ...given, log_sum_exp, delta, dy, dkv_rope }),
      sumHeads('test', { rows, heads, width: ropeDim, xOffset }, { x: dkv_rope, y: dkpe }),
    );

    const tolerance = {
      relative: 5e-6,
      because: `f32 sums over ${Math.max(...lengths)} keys of products and exponentials`,
    };
    const expected = reference.mlaAttention(inputs, shape);
    expectClose(await gpu.readFloats(y), expected.out, tolerance);
    expectClose(await gpu.readFloats(log_sum_exp), expected.logSumExp, { ...tolerance, absolute: 2e-6 });
    const grads = reference.mlaAttentionBackward(dOut, inputs, shape);
    const slopes = { ...tolerance, absolute: 2e-6 };
    expectClose(await gpu.readFloats(dq), grads.dq, slopes);
    expectClose((await gpu.readFloats(dkv_rope)).subarray(0, grads.dkv.length), grads.dkv, slopes);
    expectClose(await gpu.readFloats(dkpe), grads.dkpe, slopes);
  });

  test('scores far apart neither overflow nor vanish into NaN', async () => {
    const gpu = runner();
    const rows = lengths.reduce((total, length) => total + length);
    const shape = { heads: 1, nopeDim: 2, ropeDim: 2, valueDim: 2 };
    const spans = spansOf(lengths);
    const inputs = {
      q: normalFloats(rows * 4, 1).map((value) => value * 30),
      kv: normalFloats(rows * 4, 2).map((value) => value * 30),
      kpe: normalFloats(rows * 2, 3),
      sequenceStart: startsOf(lengths),
      scale: 1,
    };
    const [y, log_sum_exp] = [gpu.output(rows * 2), gpu.output(rows)];
    const given = {
      q: gpu.floats(inputs.q),
      kv: gpu.floats(inputs.kv),
      k_rope: gpu.floats(inputs.kpe),
      spans: gpu.words(spans),
    };
    const sizes = latentShape({ rows, heads: 1, nope: 2, rope: 2, value: 2, scale: 1 });
    await gpu.run(attention(sizes, { ...given, y, log_sum_exp }));
    expectClose(await gpu.readFloats(y), reference.mlaAttention(inputs, shape).out, {
      relative: 1e-3,
      because: 'scores of thousands carry f32 errors of 1e-4 into the exponential',
    });
  });
});

test('a prefix that several sequences continue counts as if each had its own', async () => {
  const gpu = runner();
  const shape = { heads: 2, nopeDim: 8, ropeDim: 4, valueDim: 8 };
  const { heads, nopeDim, ropeDim, valueDim } = shape;
  const widths = {
    q: heads * (nopeDim + ropeDim),
    kv: heads * (nopeDim + valueDim),
    kpe: ropeDim,
    out: heads * valueDim,
  };
  const texts = new SharedTexts([
    { prefix: 19, continuations: [7, 1, 40] },
    { prefix: 2, continuations: [33, 5] },
  ]);
  const { rows, spans } = texts;
  const shared = {
    q: normalFloats(rows * widths.q, 1),
    kv: normalFloats(rows * widths.kv, 2),
    kpe: normalFloats(rows * widths.kpe, 3),
  };
  const slopes = normalFloats(rows * widths.out, 4);
  // A prefix row's output is there once in the shared layout.
  const dOut = texts.expandOnce(slopes, widths.out);
  const scale = (nopeDim + ropeDim) ** -0.5;
  const inputs = {
    q: texts.expand(shared.q, widths.q),
    kv: texts.expand(shared.kv, widths.kv),
    kpe: texts.expand(shared.kpe, widths.kpe),
    sequenceStart: texts.sequenceStart,
    scale,
  };
  const items = rows * heads;
  const given = {
    q: gpu.floats(shared.q),
    kv: gpu.floats(shared.kv),
    k_rope: gpu.floats(shared.kpe),
    spans: gpu.words(spans),
  };
  const [y, log_sum_exp, dy, delta] = [
    gpu.output(rows * widths.out),
    gpu.output(items),
    gpu.floats(slopes),
    gpu.output(items),
  ];
  const [dq, dkv_rope] = [gpu.output(rows * widths.q), gpu.output(rows * widths.kv + items * ropeDim)];
  const dkpe = gpu.output(rows * ropeDim);
  const sizes = latentShape({ rows, heads, nope: nopeDim, rope: ropeDim, value: valueDim, scale });
  const known = { ...given, log_sum_exp, delta, dy };
  await gpu.run(
    attention(sizes, { ...given, y, log_sum_exp }),
    attentionDelta(sizes, { y, dy, delta }),
    attentionBackwardQ(sizes, { ...known, dq }),
    attentionBackwardKv(sizes, { ...known, dkv_rope }),
    sumHeads('test', { rows, heads, width: ropeDim, xOffset: rows * widths.kv }, { x: dkv_rope, y: dkpe }),
  );
  const tolerance = { relative: 5e-6, absolute: 5e-6, because: 'f32 sums over up to 73 keys and queries' };
  const expected = reference.mlaAttention(inputs, shape);
  expectClose(texts.expand(await gpu.readFloats(y), widths.out), expected.out, tolerance);
  const grads = reference.mlaAttentionBackward(dOut, inputs, shape);
  expectClose(await gpu.readFloats(dq), texts.gather(grads.dq, widths.q), tolerance);
  expectClose(
    (await gpu.readFloats(dkv_rope)).subarray(0, rows * widths.kv),
    texts.gather(grads.dkv, widths.kv),
    tolerance,
  );
  expectClose(await gpu.readFloats(dkpe), texts.gather(grads.dkpe, widths.kpe), tolerance);
});
