import { describe, test } from 'vitest';
import * as reference from '../../reference/rope';
import { expectClose } from '../../testing/close';
import { yarnRope } from '../../testing/fixture';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { rope } from './rope';

const runner = setUpKernelRunner();
const MAX_POSITIONS = 100;

describe.each([1, 63, 64, 65, 131])('rotary embedding of %i rows', (rows) => {
  test.each([
    { heads: 1, headDim: 6, ropeDim: 6, interleaved: true },
    { heads: 3, headDim: 10, ropeDim: 4, interleaved: true },
    { heads: 3, headDim: 10, ropeDim: 4, interleaved: false },
    { heads: 4, headDim: 2, ropeDim: 2, interleaved: true },
    { heads: 2, headDim: 8, ropeDim: 8, ropeAt: 0, interleaved: false },
    { heads: 2, headDim: 9, ropeDim: 4, ropeAt: 0, interleaved: false },
    { heads: 2, headDim: 9, ropeDim: 4, ropeAt: 3, interleaved: true },
  ])('forward and backward for %o', async (shape) => {
    const gpu = runner();
    const table = reference.ropeTable(yarnRope(shape.ropeDim), MAX_POSITIONS);
    const width = shape.heads * shape.headDim;
    const [x, positions] = [normalFloats(rows * width, 1), integers(rows, MAX_POSITIONS, 2)];
    // The rows of x stand between others, as those of the shared key do beside the latent.
    const [xStride, xOffset] = [width + 5, 3];
    const wide = new Float32Array(rows * xStride).fill(Number.NaN);
    for (let n = 0; n < rows; n++) wide.set(x.subarray(n * width, (n + 1) * width), n * xStride + xOffset);
    const common = {
      rows,
      heads: shape.heads,
      headWidth: shape.headDim,
      rope: shape.ropeDim,
      at: shape.ropeAt,
      isInterleaved: shape.interleaved,
    };
    const pairs = Array.from(table.cos).flatMap((cos, i) => [cos, table.sin[i] ?? Number.NaN]);
    const bindings = { table: gpu.floats(pairs), positions: gpu.words(positions) };
    const [y, back] = [gpu.output(rows * width), gpu.output(rows * width)];
    await gpu.run(
      rope({ ...common, xStride, xOffset, yStride: width }, { ...bindings, x: gpu.floats(wide), y }),
      rope({ ...common, xStride: width, yStride: width, isBackward: true }, { ...bindings, x: gpu.floats(x), y: back }),
    );
    const tolerance = { relative: 3e-7, because: 'two f32 products and their sum' };
    expectClose(await gpu.readFloats(y), reference.rope(x, positions, table, shape), tolerance);
    expectClose(await gpu.readFloats(back), reference.ropeBackward(x, positions, table, shape), tolerance);
  });
});
