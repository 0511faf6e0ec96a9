import { describe, expect, test } from 'vitest';
import { countingSort } from '../../reference/countingSort';
import { fp8Tiles } from '../../reference/fp8';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { fp8Blocks, fp8Cache, fp8Columns, fp8Rows, packFp8Blocks } from './fp8';

const runner = setUpKernelRunner();

/** Numbers of many sizes, so that a tile has some below its smallest normal one. */
function spread(count: number, seed: number): Float32Array {
  return normalFloats(count, seed).map((value, i) => value * 2 ** ((i * 7) % 24));
}

/**
 * Throws unless they are the same numbers. WGSL's division may be off in its last bits, and so are scales then, and here and
 * there a number that lies halfway takes the other neighbour.
 */
function expectSame(actual: Float32Array, expected: Float64Array): void {
  expect(actual).toHaveLength(expected.length);
  let apart = 0;
  actual.forEach((value, i) => {
    const wanted = expected[i] as number;
    if (Math.abs(value - wanted) <= 5e-7 * Math.abs(wanted)) return;
    apart++;
    expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) / 7.9);
  });
  expect(apart).toBeLessThanOrEqual(actual.length / 1000);
}

describe.each([1, 7, 64, 128, 129, 300])('%i columns', (width) => {
  const x = spread(width * 131, width);
  const shape = { rows: 131, width };

  test('tiles of a row', async () => {
    const y = runner().output(x.length);
    await runner().run(fp8Rows(shape, { x: runner().floats(x), y }));
    expectSame(await runner().readFloats(y), fp8Tiles(x, shape, { rows: 1, columns: 128 }));
  });

  test('tiles of a column', async () => {
    const y = runner().output(x.length);
    await runner().run(fp8Columns(shape, { x: runner().floats(x), y }));
    expectSame(await runner().readFloats(y), fp8Tiles(x, shape, { rows: 128, columns: 1 }));
  });

  test('blocks, between numbers that stay as they are', async () => {
    const [before, after] = [5, 16390];
    const pool = Float32Array.of(...spread(before, 1), ...x, ...spread(after, 2));
    const y = runner().output(pool.length);
    const blocks = packFp8Blocks([
      { at: 0, size: before },
      { at: before, size: x.length, columns: width },
      { at: before + x.length, size: after },
    ]);
    const given = { x: runner().floats(pool), blocks: runner().words(blocks) };
    await runner().run(fp8Blocks(blocks.length / 4, { ...given, y }));
    const expected = Float64Array.from(pool);
    expected.set(fp8Tiles(x, shape, { rows: 128, columns: 128 }), before);
    expectSame(await runner().readFloats(y), expected);
  });
});

test.each([
  { topK: 1, width: 5 },
  { topK: 2, width: 64 },
])('tiles of the columns of $topK experts a row begin with their segment, width $width', async ({ topK, width }) => {
  const gpu = runner();
  const [rows, numExperts, tileRows] = [301, 3, 8];
  const { counts, starts, items } = countingSort(integers(rows * topK, numExperts, 1), numExperts, tileRows);
  const tileExpert = Array.from({ length: items.length / tileRows }, (_, tile) =>
    starts.findLastIndex((start) => start <= tile * tileRows),
  );
  const grouping = {
    numExperts,
    tileExpert: gpu.words(tileExpert),
    offsets: gpu.words(starts),
    counts: gpu.words(counts),
  };
  const x = spread(rows * width, 3);
  const places = Array.from(items);
  const sorted = Float32Array.from(
    places.flatMap((slot) =>
      Array.from({ length: width }, (_, c) => (slot < 0 ? 0 : (x[Math.floor(slot / topK) * width + c] as number))),
    ),
  );
  const [plain, gathered] = [gpu.zeros(sorted.length), gpu.zeros(sorted.length)];
  const shape = { rows: places.length, width, grouping };
  const gather = { rowOf: gpu.words(places), slotsPerRow: topK };
  await gpu.run(
    fp8Columns(shape, { x: gpu.floats(sorted), y: plain }),
    fp8Columns({ ...shape, gather }, { x: gpu.floats(x), y: gathered }),
  );
  const expected = new Float64Array(sorted.length);
  starts.forEach((start, e) => {
    const count = counts[e] as number;
    const segment = sorted.subarray(start * width, (start + count) * width);
    expected.set(fp8Tiles(segment, { rows: count, width }, { rows: 128, columns: 1 }), start * width);
  });
  expectSame(await gpu.readFloats(plain), expected);
  expect(await gpu.readFloats(gathered)).toEqual(await gpu.readFloats(plain));
});

test.each([5, 130])(
  'latents of %i numbers are rounded where a decode step put them, and nothing else',
  async (rank) => {
    const gpu = runner();
    const width = rank + 3;
    const cache = spread(9 * width, 5);
    // Rows at 4 + 2 and 0 + 1, and one of no rollout.
    const places = gpu.words([0, 0, 4, 2, 0, 0, 0, 1, 0, 0, -1, 0]);
    const given = gpu.floats(cache);
    await gpu.run(fp8Cache({ rows: 3, rank, width }, { places, cache: given }));
    const expected = Float64Array.from(cache);
    for (const row of [6, 1]) {
      const latent = cache.subarray(row * width, row * width + rank);
      expected.set(fp8Tiles(latent, { rows: 1, width: rank }, { rows: 1, columns: 128 }), row * width);
    }
    expectSame(await gpu.readFloats(given), expected);
  },
);

test('what is not finite leaves its tile as it is', async () => {
  const gpu = runner();
  const x = [Number.NaN, 0.3, 0.3, Number.POSITIVE_INFINITY, 0.3, 0.3, 0.3, 0.3, 0.3];
  const [rows, columns, blocks] = [gpu.output(9), gpu.output(9), gpu.output(9)];
  const table = packFp8Blocks([{ at: 0, size: 9, columns: 3 }]);
  await gpu.run(
    fp8Rows({ rows: 3, width: 3 }, { x: gpu.floats(x), y: rows }),
    fp8Columns({ rows: 3, width: 3 }, { x: gpu.floats(x), y: columns }),
    fp8Blocks(1, { x: gpu.floats(x), blocks: gpu.words(table), y: blocks }),
  );
  const all = Float32Array.from(x);
  expect(await gpu.readFloats(blocks)).toEqual(all);
  const [byRow, byColumn] = [await gpu.readFloats(rows), await gpu.readFloats(columns)];
  expect(byRow.subarray(0, 6)).toEqual(all.subarray(0, 6));
  expect(byRow[6]).toBeCloseTo(0.3, 6);
  expect([byColumn[0], byColumn[3], byColumn[6]]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, all[6]]);
  expect(byColumn[1]).toBeCloseTo(0.3, 6);
});
