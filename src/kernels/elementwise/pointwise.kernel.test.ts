import { describe, expect, test } from 'vitest';
import { addBiasBackward, addBias as referenceAddBias } from '../../reference/matmul';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { accumulateSum, add, addBias, columnSum, columns, fillZero, mix, sumHeads } from './pointwise';

const runner = setUpKernelRunner();

describe.each([1, 63, 64, 65, 1001])('over %i numbers', (size) => {
  const [a, b] = [normalFloats(size, 1), normalFloats(size, 2)];

  test('add, mix and fill', async () => {
    const gpu = runner();
    const [y, mixed, filled] = [gpu.output(size), gpu.floats(b), gpu.output(size)];
    await gpu.run(
      add('test', size, { a: gpu.floats(a), b: gpu.floats(b), y }),
      mix('test', size, 0.25, { x: gpu.floats(a), y: mixed }),
      fillZero('test', size, { y: filled }),
    );
    const sumOf = (alpha: number, beta: number) =>
      Array.from(a, (value, i) => alpha * value + beta * (b[i] ?? Number.NaN));
    expectClose(await gpu.readFloats(y), sumOf(1, 1), { relative: 1e-7, because: 'one f32 sum' });
    expectClose(await gpu.readFloats(mixed), sumOf(0.25, 0.75), { relative: 2e-7, because: 'two f32 products' });
    expect((await gpu.readFloats(filled)).every((value) => value === 0)).toBe(true);
  });

  test('a sum is added to the total so far, and is the same bits every time', async () => {
    const gpu = runner();
    const [total, again] = [gpu.floats([10]), gpu.floats([10])];
    const x = gpu.floats(a);
    await gpu.run(accumulateSum('test', size, { x, total }), accumulateSum('test', size, { x, total: again }));
    const expected = a.reduce((sum, value) => sum + value, 10);
    const got = await gpu.readFloats(total);
    expectClose(got, [expected], { absolute: 1e-5, because: `an f32 sum of ${size} numbers` });
    expect(await gpu.readFloats(again)).toEqual(got);
  });

  test('some columns of a matrix', async () => {
    const gpu = runner();
    const [stride, first, count] = [7, 2, 3];
    const x = normalFloats(size * stride, 3);
    const y = gpu.output(size * count);
    await gpu.run(columns('test', { rows: size, count, first, stride }, { x: gpu.floats(x), y }));
    const rows = Array.from({ length: size }, (_, n) => [
      ...x.subarray(n * stride + first, n * stride + first + count),
    ]);
    expect([...(await gpu.readFloats(y))]).toEqual(rows.flat());
  });

  test.each([1, 5])('a bias of %i rows is added, and its gradient sums the rows', async (rows) => {
    const gpu = runner();
    const [x, bias] = [normalFloats(rows * size, 3), gpu.floats(a)];
    const [y, dBias] = [gpu.output(rows * size), gpu.floats(b)];
    const shape = { rows, width: size };
    await gpu.run(
      addBias('test', shape, { x: gpu.floats(x), bias, y }),
      columnSum('test', shape, { x: gpu.floats(x), y: dBias }),
    );
    expectClose(await gpu.readFloats(y), referenceAddBias(x, a), { relative: 1e-7, because: 'one f32 sum' });
    const expected = addBiasBackward(x, size).map((value, i) => value + (b[i] ?? Number.NaN));
    expectClose(await gpu.readFloats(dBias), expected, { relative: 5e-7, because: `an f32 sum of ${rows + 1}` });
  });

  test('what the heads ask of a shared key adds up', async () => {
    const gpu = runner();
    const [heads, width, xOffset] = [3, 2, 5];
    const x = normalFloats(xOffset + size * heads * width, 4);
    const y = gpu.output(size * width);
    await gpu.run(sumHeads('test', { rows: size, heads, width, xOffset }, { x: gpu.floats(x), y }));
    const at = (n: number, head: number, c: number) => x[xOffset + (n * heads + head) * width + c] ?? Number.NaN;
    const expected = Array.from({ length: size * width }, (_, i) => {
      const [n, c] = [Math.floor(i / width), i % width];
      return at(n, 0, c) + at(n, 1, c) + at(n, 2, c);
    });
    expectClose(await gpu.readFloats(y), expected, { relative: 2e-7, because: 'an f32 sum of 3' });
  });
});
