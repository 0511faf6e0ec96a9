import { describe, test } from 'vitest';
import * as reference from '../../reference/mlaDecode';
import { rmsNorm } from '../../reference/rmsNorm';
import { rope as referenceRope, ropeTable } from '../../reference/rope';
import { expectClose } from '../../testing/close';
import { yarnRope } from '../../testing/fixture';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { ParameterPool } from '../../testing/parameterPool';
import { NO_ROLLOUT } from '../sampling/decode';
import { keyParts } from './keyParts';
import { mlaDecode } from './mlaDecode';

const runner = setUpKernelRunner();
const MAX_NEW_TOKENS = 6;
const EPSILON = 1e-6;
/** Where the prompts lie in the cache, and how long they are. */
const PROMPTS = [
  { promptFirst: 0, promptLength: 0 },
  { promptFirst: 0, promptLength: 1 },
  { promptFirst: 1, promptLength: 4 },
  { promptFirst: 5, promptLength: 70 },
  { promptFirst: 75, promptLength: 300 },
] as const;
const NUM_PROMPT_ROWS = 375;
const MAX_KEYS = 300 + MAX_NEW_TOKENS;

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

describe.each([1, 63, 64, 65])('attention of %i new tokens', (rows) => {
  test.each([
    { heads: 4, nopeDim: 16, ropeDim: 8, valueDim: 16, rank: 32, interleaved: true, apart: false },
    { heads: 2, nopeDim: 4, ropeDim: 4, valueDim: 12, rank: 12, interleaved: false, apart: true },
    { heads: 3, nopeDim: 3, ropeDim: 2, valueDim: 5, rank: 7, interleaved: true, apart: true },
    { heads: 1, nopeDim: 1, ropeDim: 6, valueDim: 1, rank: 1, interleaved: false, apart: false },
  ])('sees the shared prompt, then its own tokens, for %o', async ({ rank, interleaved, apart, ...shape }) => {
    const gpu = runner();
    const { heads, nopeDim, ropeDim, valueDim } = shape;
    const [width, qWidth] = [rank + ropeDim, heads * (nopeDim + ropeDim)];
    const places = range(0, rows).map((row) => ({
      ...(PROMPTS[(row + 3) % PROMPTS.length] as (typeof PROMPTS)[number]),
      // No row stands at its own place in the cache.
      ownFirst: NUM_PROMPT_ROWS + (row + 1) * MAX_NEW_TOKENS,
      length: row % MAX_NEW_TOKENS,
    }));
    const projected = normalFloats(rows * (qWidth + width), 1);
    const projectedPart = (from: number, count: number) =>
      projected.filter((_, i) => i % (qWidth + width) >= from && i % (qWidth + width) < from + count);
    const [q, kv] = [projectedPart(0, qWidth), projectedPart(qWidth, width)];
    const kvB = normalFloats(heads * (nopeDim + valueDim) * rank, 2).map((value) => value / Math.sqrt(rank));
    const norm = normalFloats(rank, 4);
    const before = normalFloats((NUM_PROMPT_ROWS + (rows + 1) * MAX_NEW_TOKENS) * width, 3);
    const table = ropeTable(yarnRope(ropeDim), MAX_KEYS);
    const scale = (nopeDim + ropeDim) ** -0.5;

    const pool = new ParameterPool();
    const [normAt, at] = [pool.add(norm), pool.add(kvB)];
    const cache = gpu.floats(before);
    const y = gpu.output((rows + 1) * heads * valueDim);
    const given = { pool: gpu.floats(pool.values), cache, y };
    const strides = apart
      ? { qStride: qWidth, kvStride: width, kvOffset: 0 }
      : { qStride: qWidth + width, kvStride: qWidth + width, kvOffset: qWidth };
    const all = gpu.floats(projected);
    const maxKeys = MAX_KEYS;
    const parts = keyParts(maxKeys);
    const sizes = { heads, nope: nopeDim, rope: ropeDim, value: valueDim, rank, scale, maxKeys };
    const options = { isInterleaved: interleaved, norm: { at: normAt, epsilon: EPSILON }, at };
    await gpu.run(
      ...mlaDecode(
        { rows: rows + 1, ...sizes, ...strides, ...options },
        {
          ...given,
          // The last row is of no rollout.
          places: gpu.words([
            ...places.flatMap((place) => [place.promptFirst, place.promptLength, place.ownFirst, place.length]),
            ...[0, 0, NO_ROLLOUT, 0],
          ]),
          q: apart ? gpu.floats(q) : all,
          kv: apart ? gpu.floats(kv) : all,
          table: gpu.floats(Array.from(table.cos).flatMap((cos, i) => [cos, table.sin[i] as number])),
          query: gpu.output((rows + 1) * heads * width),
          sums: gpu.output((rows + 1) * heads * parts * rank),
          largests: gpu.output((rows + 1) * heads * parts),
          totals: gpu.output((rows + 1) * heads * parts),
        },
      ),
    );

    const positions = places.map(({ promptLength, length }) => promptLength + length);
    const turn = { heads, headDim: nopeDim + ropeDim, ropeDim, interleaved };
    const turnedKey = referenceRope(
      kv.filter((_, i) => i % width >= rank),
      positions,
      table,
      { ...turn, heads: 1, headDim: ropeDim },
    );
    const latent = rmsNorm(
      kv.filter((_, i) => i % width < rank),
      norm,
      EPSILON,
    );
    const filled = Float64Array.from(before);
    places.forEach(({ ownFirst, length }, row) => {
      const to = (ownFirst + length) * width;
      filled.set(latent.subarray(row * rank, (row + 1) * rank), to);
      filled.set(turnedKey.subarray(row * ropeDim, (row + 1) * ropeDim), to + rank);
    });
    const because = 'f32 sums over the latent, twice';
    expectClose(await gpu.readFloats(cache), filled, {
      relative: 1e-6,
      because: 'a norm and a turn; the other rows are as they were',
    });
    const part = (from: number, count: number) =>
      filled.filter((_, i) => i % width >= from && i % width < from + count);
    const expected = reference.mlaDecode(
      {
        q: referenceRope(q, positions, table, turn),
        kvB,
        latent: part(0, rank),
        kpe: part(rank, ropeDim),
        places: places.map(({ promptFirst, promptLength, ownFirst, length }) => [
          ...range(promptFirst, promptLength),
          ...range(ownFirst, length + 1),
        ]),
        scale,
      },
      shape,
      rank,
    );
    const actual = (await gpu.readFloats(y)).subarray(0, rows * heads * valueDim);
    expectClose(actual, expected, { relative: 5e-6, because });
  });
});
