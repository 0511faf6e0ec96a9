import { describe, test } from 'vitest';
import * as reference from '../../reference/rmsNorm';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { columnSum } from '../elementwise/pointwise';
import { rmsNorm, rmsNormBackward, rmsNormWeightBackward, rmsNormWeightBlocks } from './rmsNorm';

const runner = setUpKernelRunner();
const EPSILON = 1e-5;

/** A row of x may be the first part of a longer one: what lies between rows must neither be read nor written. */
function spread(x: Float32Array, width: number, stride: number): Float32Array {
  const wide = new Float32Array((x.length / width) * stride).fill(777);
  for (let i = 0; i < x.length; i++) wide[Math.floor(i / width) * stride + (i % width)] = x[i] ?? Number.NaN;
  return wide;
}

describe.each([1, 63, 64, 65, 130])('RMS norm of %i rows', (rows) => {
  test.each([
    { width: 1, gap: 3 },
    { width: 7, gap: 3 },
    { width: 64, gap: 3 },
    { width: 65, gap: 3 },
    // In fours.
    { width: 64, gap: 0 },
    { width: 12, gap: 4 },
    // Shared by several threads.
    { width: 257, gap: 3 },
    { width: 300, gap: 4 },
  ])('forward and backward at width $width with $gap numbers between rows', async ({ width, gap }) => {
    const gpu = runner();
    const xStride = width + gap;
    const [x, weight, dy] = [normalFloats(rows * width, 1), normalFloats(width, 2), normalFloats(rows * width, 3)];
    const t = { x: gpu.floats(spread(x, width, xStride)), weight: gpu.floats(weight), dy: gpu.floats(dy) };
    const [y, inverse_rms] = [gpu.output(rows * width), gpu.output(rows)];
    const dx = gpu.floats(spread(new Float32Array(rows * width), width, xStride));
    const added = normalFloats(rows * width, 4);
    const [addend, sum] = [gpu.floats(spread(added, width, xStride)), gpu.output(rows * xStride)];
    const [partials, dWeight] = [
      gpu.output(rmsNormWeightBlocks(rows) * width),
      gpu.floats(new Float32Array(width).fill(1)),
    ];
    const shape = { rows, width, xStride };
    await gpu.run(
      rmsNorm({ ...shape, epsilon: EPSILON }, { x: t.x, weight: t.weight, y, inverse_rms }),
      rmsNormBackward({ ...shape, dxStride: xStride }, { ...t, inverse_rms, dx }),
      rmsNormBackward({ ...shape, dxStride: xStride }, { ...t, inverse_rms, dx: sum, addend }),
      rmsNormWeightBackward(shape, { x: t.x, inverse_rms, dy: t.dy, partials }),
      columnSum('test', { rows: rmsNormWeightBlocks(rows), width }, { x: partials, y: dWeight }),
    );
    const because = `f32 sums of ${width} squares`;
    expectClose(await gpu.readFloats(y), reference.rmsNorm(x, weight, EPSILON), { relative: 2e-6, because });
    const expected = reference.rmsNormBackward(dy, x, weight, EPSILON);
    const close = { absolute: 1e-4, because: `${because}; where x is small, dx is large` };
    expectClose(await gpu.readFloats(dx), spread(Float32Array.from(expected.dx), width, xStride), close);
    const inRows = (await gpu.readFloats(sum)).filter((_, i) => i % xStride < width);
    const expectedSum = Array.from(expected.dx, (value, i) => value + (added[i] as number));
    expectClose(inRows, expectedSum, close);
    expectClose(
      await gpu.readFloats(dWeight),
      expected.dWeight.map((value) => value + 1),
      { relative: 4e-6, absolute: 4e-6, because: `an f32 sum over ${rows} rows, added to what was there` },
    );
  });
});
