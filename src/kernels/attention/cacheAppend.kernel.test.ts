import { expect, test } from 'vitest';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { cacheAppend } from './cacheAppend';

const runner = setUpKernelRunner();

test.each([1, 63, 64, 65])('%i tokens of a prompt lie in the cache in order', async (rows) => {
  const gpu = runner();
  const [first, second] = [5, 2];
  const [a, b] = [normalFloats(rows * first, 1), normalFloats(rows * second, 2)];
  const cache = gpu.output(rows * (first + second));
  await gpu.run(cacheAppend({ rows, first, second }, { a: gpu.floats(a), b: gpu.floats(b), cache }));
  const expected = Array.from({ length: rows }, (_, n) => [
    ...a.subarray(n * first, (n + 1) * first),
    ...b.subarray(n * second, (n + 1) * second),
  ]);
  expect([...(await gpu.readFloats(cache))]).toEqual(expected.flat());
});
