import { describe, expect, test } from 'vitest';
import type { BufferRange } from '../../device/contract';
import { inHalfPrecision } from '../../device/dispatch';
import { narrow, widen } from '../../lib/tensors/convert';
import { matmulNt } from '../../reference/matmul';
import { rmsNorm } from '../../reference/rmsNorm';
import { swiglu } from '../../reference/swiglu';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { ParameterPool } from '../../testing/parameterPool';
import { type DecodeFfnShape, decodeDown, decodeGateUp, decodeHidden } from './decodeExperts';

const runner = setUpKernelRunner();
const EPSILON = 1e-5;

const scaled = (count: number, width: number, seed: number) =>
  normalFloats(count, seed).map((value) => value / Math.sqrt(width));

/** A SwiGLU of the rows of x. */
function ffn(x: ArrayLike<number>, gateUp: Float32Array, down: Float32Array, width: number, hidden: number) {
  const m = x.length / width;
  const h = swiglu(matmulNt(x, gateUp, { m, n: 2 * hidden, k: width }), hidden);
  return matmulNt(h, down, { m, n: width, k: hidden });
}

describe.each([1, 63, 64, 65])('the feed-forward layer of %i rows', (rows) => {
  test.each([
    { width: 16, numExperts: 4, topK: 2, hidden: 8, shared: 8 },
    { width: 64, numExperts: 8, topK: 2, hidden: 64, shared: 64 },
    { width: 16, numExperts: 4, topK: 3, hidden: 12, shared: 0 },
    { width: 20, numExperts: 0, topK: 0, hidden: 0, shared: 12 },
    { width: 7, numExperts: 3, topK: 1, hidden: 5, shared: 9 },
    { width: 6, numExperts: 5, topK: 2, hidden: 3, shared: 0 },
    { width: 5, numExperts: 0, topK: 0, hidden: 0, shared: 3 },
  ])('of %o', async ({ width, numExperts, topK, hidden, shared }) => {
    const gpu = runner();
    const pool = new ParameterPool();
    const x = normalFloats(rows * width, 1);
    const norm = normalFloats(width, 2);
    const experts = integers(rows, Math.max(1, numExperts), 3);
    // A row's experts differ: they follow one another, the last before the first.
    const chosen = Array.from({ length: rows * topK }, (_, i) => {
      const first = experts[Math.floor(i / topK)] as number;
      return (first + (i % topK)) % numExperts;
    });
    const weights = normalFloats(rows * topK, 4);
    const gateUp = scaled(numExperts * 2 * hidden * width, width, 5);
    const down = scaled(numExperts * width * hidden, Math.max(1, hidden), 6);
    const sharedGateUp = scaled(2 * shared * width, width, 7);
    const sharedDown = scaled(width * shared, Math.max(1, shared), 8);
    const shape: DecodeFfnShape = {
      rows,
      width,
      ...(numExperts > 0 && {
        routed: { numExperts, topK, hidden, gateUpAt: pool.add(gateUp), downAt: pool.add(down) },
      }),
      ...(shared > 0 && {
        shared: { hidden: shared, gateUpAt: pool.add(sharedGateUp), downAt: pool.add(sharedDown) },
      }),
    };
    const normAt = pool.add(norm);
    const given = numExperts > 0 ? { experts: gpu.words(chosen) } : {};
    const weighting = numExperts > 0 ? { weights: gpu.floats(weights) } : {};
    const residual = gpu.floats(x);
    const run = async (
      parameters: BufferRange,
      adapt: typeof inHalfPrecision<BufferRange> = (dispatch) => dispatch,
    ) => {
      const [h, y] = [gpu.output(rows * decodeHidden(shape)), gpu.output(rows * width)];
      const t = { ...given, pool: parameters };
      await gpu.run(
        adapt(decodeGateUp({ ...shape, norm: { at: normAt, epsilon: EPSILON } }, { ...t, x: residual, y: h })),
        adapt(decodeDown(shape, { ...t, ...weighting, hidden: h, residual, y })),
      );
      return gpu.readFloats(y);
    };
    const y = await run(gpu.floats(pool.values));
    if (gpu.features.has('shader-f16')) {
      const halves = narrow('F16', Float32Array.from(pool.values));
      const inF32 = await run(gpu.floats(widen('F16', halves)));
      expect([...(await run(gpu.halves(pool.values), inHalfPrecision))]).toEqual([...inF32]);
    }

    const normed = rmsNorm(x, norm, EPSILON);
    const expected = Float64Array.from(x);
    const addTo = (row: number, weight: number, values: Float64Array) =>
      values.forEach((value, c) => {
        expected[row * width + c] = (expected[row * width + c] as number) + weight * value;
      });
    for (let row = 0; row < rows; row++) {
      const input = normed.subarray(row * width, (row + 1) * width);
      for (let k = 0; k < topK; k++) {
        const e = chosen[row * topK + k] as number;
        const part = (w: Float32Array, size: number) => w.subarray(e * size, (e + 1) * size);
        const output = ffn(input, part(gateUp, 2 * hidden * width), part(down, width * hidden), width, hidden);
        addTo(row, weights[row * topK + k] as number, output);
      }
      if (shared > 0) addTo(row, 1, ffn(input, sharedGateUp, sharedDown, width, shared));
    }
    expectClose(y, expected, { relative: 3e-6, because: 'two f32 sums of at most 64 terms' });
  });
});
