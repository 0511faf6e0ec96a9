import { describe, expect, test } from 'vitest';
import { countingSort } from '../../reference/countingSort';
import * as reference from '../../reference/moeCombine';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { moeCombine, moeCombineBackward, moeWeightsBackward } from './moeCombine';

const runner = setUpKernelRunner();

describe.each([1, 63, 64, 65, 131])('combining the experts of %i tokens', (rows) => {
  test.each([
    { topK: 1, width: 64 },
    { topK: 2, width: 1 },
    { topK: 8, width: 33 },
  ])('$topK experts at width $width, forward and backward', async ({ topK, width }) => {
    const gpu = runner();
    const { items, rows: place } = countingSort(integers(rows * topK, 5, 1), 5, 4);
    const x = normalFloats(items.length * width, 2);
    const [weights, dy] = [normalFloats(rows * topK, 3), normalFloats(rows * width, 4)];
    const t = {
      x: gpu.floats(x),
      place: gpu.words(place),
      order: gpu.words(items),
      weights: gpu.floats(weights),
      dy: gpu.floats(dy),
    };
    const [y, plain, sum] = [gpu.output(rows * width), gpu.output(rows * width), gpu.output(rows * width)];
    const added = normalFloats(rows * width, 5);
    const [dx, d_weights] = [gpu.output(items.length * width), gpu.output(rows * topK)];
    const shape = { rows, width, topK };
    await gpu.run(
      moeCombine(shape, { x: t.x, place: t.place, weights: t.weights, y }),
      moeCombine(shape, { x: t.x, place: t.place, y: plain }),
      moeCombine(shape, { x: t.x, place: t.place, y: sum, addend: gpu.floats(added) }),
      moeCombineBackward({ ...shape, rows: items.length }, { order: t.order, weights: t.weights, dy: t.dy, dx }),
      moeWeightsBackward(shape, { x: t.x, place: t.place, dy: t.dy, d_weights }),
    );
    const because = `f32 sums of ${Math.max(topK, width)} products`;
    expectClose(await gpu.readFloats(y), reference.moeCombine(x, place, weights, topK, width), {
      relative: 1e-6,
      because,
    });
    const ones = new Float32Array(rows * topK).fill(1);
    const expectedPlain = reference.moeCombine(x, place, ones, topK, width);
    expectClose(await gpu.readFloats(plain), expectedPlain, { relative: 1e-6, because });
    const expectedSum = Array.from(expectedPlain, (value, i) => value + (added[i] as number));
    expectClose(await gpu.readFloats(sum), expectedSum, { relative: 1e-6, because });
    const expected = reference.moeCombineBackward(dy, x, place, weights, topK, width);
    expectClose(await gpu.readFloats(dx), expected.dExpertOut, { relative: 1e-6, because });
    expectClose(await gpu.readFloats(d_weights), expected.dWeights, { relative: 2e-6, because });
  });
});

test('a slot without a place counts for nothing', async () => {
  const gpu = runner();
  const [y, d_weights] = [gpu.output(2), gpu.output(2)];
  const given = { x: gpu.floats([1, 2]), place: gpu.words([0, -1]) };
  await gpu.run(
    moeCombine({ rows: 1, width: 2, topK: 2 }, { ...given, weights: gpu.floats([3, 100]), y }),
    moeWeightsBackward({ rows: 1, width: 2, topK: 2 }, { ...given, dy: gpu.floats([1, 1]), d_weights }),
  );
  expect([...(await gpu.readFloats(y)), ...(await gpu.readFloats(d_weights))]).toEqual([3, 6, 3, 0]);
});
