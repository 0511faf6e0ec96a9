import { describe, expect, test } from 'vitest';
import * as reference from '../../reference/embed';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { countingSort, sortSizes } from '../moe/countingSort';
import { embed, embedBackward } from './embed';

const runner = setUpKernelRunner();

describe.each([1, 63, 64, 65, 131])('embedding %i tokens', (rows) => {
  test.each([
    { vocabulary: 1, width: 1 },
    { vocabulary: 67, width: 64 },
    { vocabulary: 100, width: 5 },
  ])('a table of $vocabulary × $width, forward and backward', async ({ vocabulary, width }) => {
    const gpu = runner();
    const ids = integers(rows, vocabulary, 1);
    const [table, dy] = [normalFloats(vocabulary * width, 2), normalFloats(rows * width, 3)];
    const sort = { size: rows, buckets: vocabulary, tile: 1 };
    const sizes = sortSizes(sort);
    const sorted = {
      keys: gpu.words(ids),
      blockCounts: gpu.output(sizes.blockCounts),
      order: gpu.output(sizes.places),
      place: gpu.output(rows),
      offsets: gpu.output(vocabulary),
      counts: gpu.output(vocabulary),
      tileKey: gpu.output(sizes.tiles),
    };
    const y = gpu.output(rows * width);
    const d_table = gpu.floats(new Float32Array(vocabulary * width).fill(1));
    const { order, offsets, counts } = sorted;
    await gpu.run(
      embed({ rows, width }, { ids: sorted.keys, table: gpu.floats(table), y }),
      ...countingSort(sort, sorted),
      embedBackward({ vocabulary, width }, { order, offsets, counts, dy: gpu.floats(dy), d_table }),
    );
    expect([...(await gpu.readFloats(y))]).toEqual([...reference.embed(table, ids, width)]);
    const expected = reference.embedBackward(dy, ids, vocabulary, width).map((value) => value + 1);
    const because = `f32 sums of up to ${rows} rows, added to what was there`;
    expectClose(await gpu.readFloats(d_table), expected, { relative: 2e-6, because });
  });
});
