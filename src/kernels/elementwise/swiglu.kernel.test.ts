import { describe, test } from 'vitest';
import * as reference from '../../reference/swiglu';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { swiglu, swigluBackward } from './swiglu';

const runner = setUpKernelRunner();

async function check(x: Float32Array, rows: number, width: number): Promise<void> {
  const gpu = runner();
  const dy = normalFloats(rows * width, 2);
  const [y, dx] = [gpu.output(rows * width), gpu.output(2 * rows * width)];
  const shape = { rows, width };
  const bindings = { x: gpu.floats(x) };
  await gpu.run(swiglu(shape, { ...bindings, y }), swigluBackward(shape, { ...bindings, dy: gpu.floats(dy), dx }));
  const tolerance = { relative: 1e-6, because: 'an f32 exponential and a few products' };
  expectClose(await gpu.readFloats(y), reference.swiglu(x, width), tolerance);
  expectClose(await gpu.readFloats(dx), reference.swigluBackward(dy, x, width), tolerance);
}

describe('SwiGLU', () => {
  test.each([1, 63, 64, 65, 131])('forward and backward of %i rows', async (rows) => {
    for (const width of [1, 5, 64]) await check(normalFloats(2 * rows * width, 1), rows, width);
  });

  test('nothing overflows at the extremes', async () => {
    await check(Float32Array.of(-200, 200, -90, 90, 2, -3, 0.5, 1), 1, 4);
  });
});
