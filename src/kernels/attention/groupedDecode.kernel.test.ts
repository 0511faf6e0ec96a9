import { describe, test } from 'vitest';
import * as reference from '../../reference/groupedDecode';
import { rmsNorm } from '../../reference/rmsNorm';
import { rope as referenceRope, ropeTable } from '../../reference/rope';
import { expectClose } from '../../testing/close';
import { yarnRope } from '../../testing/fixture';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { ParameterPool } from '../../testing/parameterPool';
import { NO_ROLLOUT } from '../sampling/decode';
import { groupedDecode, groupedParts } from './groupedDecode';

const runner = setUpKernelRunner();
const MAX_NEW_TOKENS = 6;
const EPSILON = 1e-5;
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

describe.each([1, 63, 64, 65])('grouped-query attention of %i new tokens', (rows) => {
  test.each([
    { heads: 4, kvHeads: 2, width: 8, rope: 8, interleaved: false, norm: 'none', apart: false },
    { heads: 8, kvHeads: 2, width: 16, rope: 8, interleaved: true, norm: 'head', apart: false },
    { heads: 3, kvHeads: 1, width: 7, rope: 4, interleaved: false, norm: 'whole', apart: true },
    { heads: 2, kvHeads: 2, width: 4, rope: 0, interleaved: false, norm: 'head', apart: true, window: 5 },
    { heads: 6, kvHeads: 2, width: 12, rope: 12, interleaved: false, norm: 'none', apart: true, window: 33 },
  ] as const)('sees the shared prompt, then its own tokens, for %o', async ({ apart, norm, ...shape }) => {
    const gpu = runner();
    const { heads, kvHeads, width, rope, interleaved } = shape;
    const window = 'window' in shape ? shape.window : undefined;
    const [qWidth, kWidth] = [heads * width, kvHeads * width];
    const places = range(0, rows).map((row) => ({
      ...(PROMPTS[(row + 3) % PROMPTS.length] as (typeof PROMPTS)[number]),
      // No row stands at its own place in the cache.
      ownFirst: NUM_PROMPT_ROWS + (row + 1) * MAX_NEW_TOKENS,
      length: row % MAX_NEW_TOKENS,
    }));
    const projectedWidth = qWidth + 2 * kWidth;
    const projected = normalFloats(rows * projectedWidth, 1);
    const part = (x: Float32Array | Float64Array, from: number, count: number, stride: number) =>
      x.filter((_, i) => i % stride >= from && i % stride < from + count);
    const q = part(projected, 0, qWidth, projectedWidth);
    const kv = part(projected, qWidth, 2 * kWidth, projectedWidth);
    const before = normalFloats((NUM_PROMPT_ROWS + (rows + 1) * MAX_NEW_TOKENS) * 2 * kWidth, 3);
    const table = ropeTable(yarnRope(Math.max(2, rope)), MAX_KEYS);
    const scale = width ** -0.5;
    const isWhole = norm === 'whole';
    const qNorm = normalFloats(isWhole ? qWidth : width, 4);
    const kNorm = normalFloats(isWhole ? kWidth : width, 5);
    const pool = new ParameterPool();
    const norms = { qAt: pool.add(qNorm), kAt: pool.add(kNorm), isWhole, epsilon: EPSILON };

    const strides = apart
      ? { qStride: qWidth, qOffset: 0, kvStride: 2 * kWidth, kOffset: 0, vOffset: kWidth }
      : {
          qStride: projectedWidth,
          qOffset: 0,
          kvStride: projectedWidth,
          kOffset: qWidth,
          vOffset: qWidth + kWidth,
        };
    const maxKeys = MAX_KEYS;
    const parts = groupedParts({ maxKeys, window });
    const all = gpu.floats(projected);
    const cache = gpu.floats(before);
    const y = gpu.output((rows + 1) * qWidth);
    await gpu.run(
      ...groupedDecode(
        {
          rows: rows + 1,
          heads,
          kvHeads,
          width,
          rope,
          scale,
          window,
          maxKeys,
          isInterleaved: interleaved,
          norms: norm === 'none' ? undefined : norms,
          ...strides,
        },
        {
          // The last row is of no rollout.
          places: gpu.words([
            ...places.flatMap((place) => [place.promptFirst, place.promptLength, place.ownFirst, place.length]),
            ...[0, 0, NO_ROLLOUT, 0],
          ]),
          q: apart ? gpu.floats(q) : all,
          kv: apart ? gpu.floats(kv) : all,
          pool: gpu.floats(pool.values),
          table: gpu.floats(Array.from(table.cos).flatMap((cos, i) => [cos, table.sin[i] as number])),
          cache,
          query: gpu.output((rows + 1) * qWidth),
          sums: gpu.output((rows + 1) * qWidth * parts),
          largests: gpu.output((rows + 1) * heads * parts),
          totals: gpu.output((rows + 1) * heads * parts),
          y,
        },
      ),
    );

    const positions = places.map(({ promptLength, length }) => promptLength + length);
    const prepared = (x: Float32Array | Float64Array, weight: Float32Array, count: number) => {
      const turn = { heads: count, headDim: width, ropeDim: rope, ropeAt: 0, interleaved };
      return referenceRope(norm === 'none' ? x : rmsNorm(x, weight, EPSILON), positions, table, turn);
    };
    const keys = prepared(part(kv, 0, kWidth, 2 * kWidth), kNorm, kvHeads);
    const values = part(kv, kWidth, kWidth, 2 * kWidth);
    const filled = Float64Array.from(before);
    places.forEach(({ ownFirst, length }, row) => {
      const to = (ownFirst + length) * 2 * kWidth;
      filled.set(keys.subarray(row * kWidth, (row + 1) * kWidth), to);
      filled.set(values.subarray(row * kWidth, (row + 1) * kWidth), to + kWidth);
    });
    expectClose(await gpu.readFloats(cache), filled, {
      relative: 1e-6,
      because: 'a norm and a turn; the other rows are as they were',
    });
    const expected = reference.groupedDecode(
      {
        q: prepared(q, qNorm, heads),
        k: part(filled, 0, kWidth, 2 * kWidth),
        v: part(filled, kWidth, kWidth, 2 * kWidth),
        places: places.map(({ promptFirst, promptLength, ownFirst, length }) =>
          [...range(promptFirst, promptLength), ...range(ownFirst, length + 1)].slice(-(window ?? maxKeys)),
        ),
        scale,
      },
      shape,
    );
    const actual = (await gpu.readFloats(y)).subarray(0, rows * qWidth);
    expectClose(actual, expected, { relative: 5e-6, because: 'f32 sums over up to 306 keys' });
  });
});
