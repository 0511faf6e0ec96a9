import { describe, expect, test } from 'vitest';
import * as reference from '../../reference/countingSort';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers } from '../../testing/numbers';
import { countingSort, sortSizes } from './countingSort';

const runner = setUpKernelRunner();
const INVALID = 2 ** 32 - 1;

describe.each([1, 63, 64, 65, 512, 513, 1000])('sorting %i slots', (size) => {
  test.each([
    { buckets: 1, tile: 4 },
    { buckets: 8, tile: 4 },
    { buckets: 67, tile: 1 },
    { buckets: 65, tile: 16 },
    { buckets: 96, tile: 8 },
    { buckets: 97, tile: 8 },
    { buckets: 300, tile: 4 },
  ])('into $buckets buckets of tiles of $tile', async ({ buckets, tile }) => {
    const gpu = runner();
    const keys = [...integers(size, buckets + 1, size)]; // a key of `buckets` is left out
    const shape = { size, buckets, tile };
    const sizes = sortSizes(shape);
    const t = {
      keys: gpu.words(keys),
      blockCounts: gpu.output(sizes.blockCounts),
      order: gpu.output(sizes.places),
      place: gpu.output(size),
      offsets: gpu.output(buckets),
      counts: gpu.output(buckets),
      tileKey: gpu.output(sizes.tiles),
      load: gpu.words(new Array(buckets).fill(7)),
    };
    await gpu.run(...countingSort(shape, t));

    const slots = keys.flatMap((key, slot) => (key < buckets ? [slot] : []));
    const sorted = reference.countingSort(
      slots.map((slot) => keys[slot] ?? Number.NaN),
      buckets,
      tile,
    );
    const used = sorted.items.length;
    expect(used).toBeLessThanOrEqual(sizes.places);
    const order = Array.from(sorted.items, (item) => (item < 0 ? INVALID : (slots[item] ?? Number.NaN)));
    expect([...(await gpu.readWords(t.order))]).toEqual([...order, ...new Array(sizes.places - used).fill(INVALID)]);
    const place = new Array<number>(size).fill(INVALID);
    slots.forEach((slot, item) => {
      place[slot] = sorted.rows[item] ?? Number.NaN;
    });
    expect([...(await gpu.readWords(t.place))]).toEqual(place);
    expect([...(await gpu.readWords(t.counts))]).toEqual([...sorted.counts]);
    expect([...(await gpu.readWords(t.load))]).toEqual(Array.from(sorted.counts, (count) => 7 + count));
    expect([...(await gpu.readWords(t.offsets))]).toEqual([...sorted.starts.subarray(0, buckets)]);
    const tileKey = Array.from({ length: sizes.tiles }, (_, i) => {
      const key = sorted.starts.findLastIndex((start) => start <= i * tile);
      return i * tile < used ? key : buckets;
    });
    expect([...(await gpu.readWords(t.tileKey))]).toEqual(tileKey);
  });
});
