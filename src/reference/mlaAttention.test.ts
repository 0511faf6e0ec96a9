import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { matmulNt } from './matmul';
import { mlaAttention, mlaAttentionBackward } from './mlaAttention';
import { mlaDecode } from './mlaDecode';

const shape = { heads: 2, nopeDim: 3, ropeDim: 2, valueDim: 4 };
const numTokens = 7;
const inputs = {
  q: normals(numTokens * 2 * 5, 1),
  kv: normals(numTokens * 2 * 7, 2),
  kpe: normals(numTokens * 2, 3),
  sequenceStart: [0, 0, 0, 3, 4, 4, 4],
  scale: 0.7,
};

describe('latent attention', () => {
  test('a token alone gets its own value', () => {
    const { out, logSumExp } = mlaAttention(inputs, shape);
    for (const row of [0, 1, 6, 7]) {
      expectClose(out.subarray(row * 4, row * 4 + 4), inputs.kv.subarray(row * 7 + 3, row * 7 + 7), {
        absolute: 1e-15,
        because: 'a softmax over one score is 1',
      });
    }
    const [q, k] = [inputs.q, inputs.kv];
    const score = (a: number, b: number) => Number(q[a]) * b;
    const content = score(0, Number(k[0])) + score(1, Number(k[1])) + score(2, Number(k[2]));
    const position = score(3, Number(inputs.kpe[0])) + score(4, Number(inputs.kpe[1]));
    expect(logSumExp[0]).toBeCloseTo(0.7 * (content + position), 12);
  });

  test('equal scores average the values seen so far', () => {
    const uniform = { ...inputs, scale: 0 };
    const kv = Float64Array.from({ length: 7 * 2 * 7 }, (_, i) => Math.floor(i / 14));
    expect(mlaAttention({ ...uniform, kv }, shape).out.filter((_, i) => i % 8 === 0)).toEqual(
      Float64Array.from([0, 0.5, 1, 3, 4, 4.5, 5]),
    );
  });

  test('a sequence gives the same numbers whatever is packed before it', () => {
    const alone = {
      ...inputs,
      q: inputs.q.subarray(4 * 10),
      kv: inputs.kv.subarray(4 * 14),
      kpe: inputs.kpe.subarray(4 * 2),
      sequenceStart: [0, 0, 0],
    };
    expect([...mlaAttention(alone, shape).out]).toEqual([...mlaAttention(inputs, shape).out.subarray(4 * 8)]);
  });

  test('its gradients are its derivatives', () => {
    const dOut = normals(numTokens * 2 * 4, 4);
    const { dq, dkv, dkpe } = mlaAttentionBackward(dOut, inputs, shape);
    const loss = (changed: Partial<typeof inputs>) =>
      weighted(mlaAttention({ ...inputs, ...changed }, shape).out, dOut);
    expectGradient(dq, (q) => loss({ q }), inputs.q);
    expectGradient(dkv, (kv) => loss({ kv }), inputs.kv);
    expectGradient(dkpe, (kpe) => loss({ kpe }), inputs.kpe);
  });
});

describe('latent attention from the compressed cache', () => {
  test('gives the last token of each sequence what the expanded form gives it', () => {
    const rank = 3;
    const [latent, kvB] = [normals(numTokens * rank, 5), normals(2 * 7 * rank, 6)];
    const kv = matmulNt(latent, kvB, { m: numTokens, n: 14, k: rank });
    const expanded = mlaAttention({ ...inputs, kv }, shape).out;
    const lastTokens = [2, 3, 6];
    const rowsOf = (x: Float64Array, width: number) =>
      Float64Array.from(lastTokens.flatMap((n) => [...x.subarray(n * width, (n + 1) * width)]));
    const places = [[0, 1, 2], [3], [6, 4, 5]]; // the order of places does not matter
    const decoded = mlaDecode(
      { q: rowsOf(inputs.q, 10), kvB, latent, kpe: inputs.kpe, places, scale: inputs.scale },
      shape,
      rank,
    );
    expectClose(decoded, rowsOf(expanded, 8), { absolute: 1e-13, because: 'the same sums in another order, f64' });
  });
});
