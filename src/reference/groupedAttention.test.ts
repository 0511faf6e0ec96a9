import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { groupedAttention, groupedAttentionBackward } from './groupedAttention';
import { groupedDecode } from './groupedDecode';

const numTokens = 8;
const sequenceStart = [0, 0, 0, 0, 4, 5, 5, 5];
const width = 3;
const inputsFor = (heads: number, kvHeads: number, window = Number.POSITIVE_INFINITY) => ({
  q: normals(numTokens * heads * width, 1),
  k: normals(numTokens * kvHeads * width, 2),
  v: normals(numTokens * kvHeads * width, 3),
  sequenceStart,
  scale: 0.6,
  window,
});

describe.each([
  { heads: 4, kvHeads: 4 },
  { heads: 4, kvHeads: 2 },
  { heads: 3, kvHeads: 1 },
])('attention of $heads heads over $kvHeads of keys', ({ heads, kvHeads }) => {
  const shape = { heads, kvHeads, width };

  test.each([1, 2, 3, Number.POSITIVE_INFINITY])('its gradients are its derivatives (window %s)', (window) => {
    const inputs = inputsFor(heads, kvHeads, window);
    const dOut = normals(numTokens * heads * width, 4);
    const { dq, dk, dv } = groupedAttentionBackward(dOut, inputs, shape);
    const loss = (changed: Partial<typeof inputs>) =>
      weighted(groupedAttention({ ...inputs, ...changed }, shape).out, dOut);
    expectGradient(dq, (q) => loss({ q }), inputs.q);
    expectGradient(dk, (k) => loss({ k }), inputs.k);
    expectGradient(dv, (v) => loss({ v }), inputs.v);
  });

  test('is multi-head attention over keys and values that are repeated for each head', () => {
    const inputs = inputsFor(heads, kvHeads);
    const repeated = (x: Float64Array) =>
      Float64Array.from(
        { length: numTokens * heads * width },
        (_, i) =>
          x[
            (Math.floor(i / (heads * width)) * kvHeads +
              Math.floor((Math.floor(i / width) % heads) / (heads / kvHeads))) *
              width +
              (i % width)
          ] as number,
      );
    const many = groupedAttention(
      { ...inputs, k: repeated(inputs.k), v: repeated(inputs.v) },
      { heads, kvHeads: heads, width },
    );
    expect(groupedAttention(inputs, shape)).toEqual(many);
  });

  test('a window of one token gives each token its own value', () => {
    const inputs = inputsFor(heads, kvHeads, 1);
    const { out } = groupedAttention(inputs, shape);
    const own = Array.from({ length: numTokens * heads }, (_, row) => {
      const at = (Math.floor(row / heads) * kvHeads + Math.floor(((row % heads) * kvHeads) / heads)) * width;
      return [...inputs.v.subarray(at, at + width)];
    });
    expectClose(out, own.flat(), { absolute: 1e-15, because: 'a softmax over one score is 1' });
  });
});

test('equal scores average the values within the window', () => {
  const v = Float64Array.from({ length: numTokens * width }, (_, i) => Math.floor(i / width) ** 2);
  const inputs = { ...inputsFor(1, 1, 2), scale: 0, v };
  const { out } = groupedAttention(inputs, { heads: 1, kvHeads: 1, width });
  expect(out.filter((_, i) => i % width === 0)).toEqual(Float64Array.from([0, 0.5, 2.5, 6.5, 16, 25, 30.5, 42.5]));
});

test('attention over a cache gives the last token of each sequence what the whole form gives it', () => {
  const [heads, kvHeads] = [4, 2];
  const shape = { heads, kvHeads, width };
  const inputs = inputsFor(heads, kvHeads);
  const lastTokens = [3, 4, 7];
  const rowsOf = (x: Float64Array) =>
    Float64Array.from(lastTokens.flatMap((n) => [...x.subarray(n * heads * width, (n + 1) * heads * width)]));
  const places = [[0, 1, 2, 3], [4], [7, 5, 6]]; // the order of places does not matter
  const decoded = groupedDecode({ ...inputs, q: rowsOf(inputs.q), places }, shape);
  expectClose(decoded, rowsOf(groupedAttention(inputs, shape).out), {
    absolute: 1e-13,
    because: 'the same sums in another order, f64',
  });
});
