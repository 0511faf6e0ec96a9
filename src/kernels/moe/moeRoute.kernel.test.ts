import { describe, expect, test } from 'vitest';
import * as bias from '../../reference/moeBias';
import * as reference from '../../reference/moeRoute';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { TILE_ROWS } from '../matmul/matmul';
import { countingSort, sortSizes } from './countingSort';
import { canRouteSorted, moeBias, moeLoad, moeRoute, moeRouteBackward, moeRouteSorted, routeSlots } from './moeRoute';

const runner = setUpKernelRunner();

const PLAIN: reference.RouteOptions = {
  experts: 8,
  topK: 2,
  groups: 1,
  topGroups: 1,
  normalize: true,
  scoring: 'sigmoid',
  scalingFactor: 1,
};

const ROUTERS: readonly reference.RouteOptions[] = [
  PLAIN,
  { experts: 8, topK: 2, groups: 2, topGroups: 1, normalize: true, scoring: 'sigmoid', scalingFactor: 2.5 },
  { experts: 30, topK: 4, groups: 5, topGroups: 2, normalize: false, scoring: 'sigmoid', scalingFactor: 2.5 },
  { experts: 2, topK: 1, groups: 1, topGroups: 1, normalize: true, scoring: 'sigmoid', scalingFactor: 1 },
  { experts: 64, topK: 8, groups: 32, topGroups: 32, normalize: true, scoring: 'sigmoid', scalingFactor: 1 },
  { ...PLAIN, scoring: 'softmax' },
  { experts: 30, topK: 4, groups: 1, topGroups: 1, normalize: false, scoring: 'softmax', scalingFactor: 1.5 },
];

function shapeOf(rows: number, options: reference.RouteOptions) {
  return {
    rows,
    numExperts: options.experts,
    topK: options.topK,
    numGroups: options.groups,
    keptGroups: options.topGroups,
    isNormalized: options.normalize,
    scoring: options.scoring,
    scale: options.scalingFactor,
  };
}

describe.each([1, 63, 64, 65, 131])('the router on %i tokens', (rows) => {
  test.each(ROUTERS)('forward and backward for %o', async (options) => {
    const gpu = runner();
    const slots = rows * options.topK;
    const logits = normalFloats(rows * options.experts, 1);
    const hasBias = options.scoring === 'sigmoid';
    const selectionBias = hasBias
      ? normalFloats(options.experts, 2).map((value) => 0.3 * value - 1.5)
      : new Float32Array(options.experts);
    const dWeights = normalFloats(slots, 3);
    const [experts, weights] = [gpu.output(slots), gpu.output(slots)];
    const d_logits = gpu.output(rows * options.experts);
    const shape = shapeOf(rows, options);
    const given = { logits: gpu.floats(logits), experts };
    const load = gpu.words(new Array(options.experts).fill(7));
    await gpu.run(
      moeRoute(shape, {
        ...given,
        ...(hasBias && { bias: gpu.floats(selectionBias) }),
        num_tokens: gpu.words([rows]),
        weights,
        load,
      }),
      moeRouteBackward(shape, { ...given, d_weights: gpu.floats(dWeights), d_logits }),
    );
    const expected = reference.moeRoute(logits, selectionBias, options);
    expect([...(await gpu.readWords(experts))]).toEqual([...expected.experts]);
    const counts = Array.from(
      { length: options.experts },
      (_, e) => 7 + expected.experts.filter((x) => x === e).length,
    );
    expect([...(await gpu.readWords(load))]).toEqual(counts);
    const because = 'f32 exponentials and a short sum';
    expectClose(await gpu.readFloats(weights), expected.weights, { relative: 1e-6, because });
    const expectedGrad = reference.moeRouteBackward(dWeights, logits, expected.experts, options);
    const cancelled = 'normalized weights: two f32 terms that cancel';
    expectClose(await gpu.readFloats(d_logits), expectedGrad, { relative: 2e-6, absolute: 1e-6, because: cancelled });
  });

  test('tokens past the batch go to no expert and have no gradient', async () => {
    const gpu = runner();
    const options = { ...PLAIN, experts: 4, topK: 2 };
    const shape = shapeOf(rows, options);
    const numTokens = Math.floor(rows / 2);
    const [experts, weights, d_logits] = [gpu.output(rows * 2), gpu.output(rows * 2), gpu.output(rows * 4)];
    const logits = gpu.floats(normalFloats(rows * 4, 1));
    const d_weights = gpu.floats(new Float32Array(rows * 2).fill(1));
    await gpu.run(
      moeRoute(shape, { logits, bias: gpu.zeros(4), num_tokens: gpu.words([numTokens]), experts, weights }),
      moeRouteBackward({ ...shape, isNormalized: false }, { logits, experts, d_weights, d_logits }),
    );
    const chosen = [...(await gpu.readWords(experts))];
    expect(chosen.slice(0, numTokens * 2).every((e) => e < 4)).toBe(true);
    expect(chosen.slice(numTokens * 2)).toEqual(new Array(chosen.length - numTokens * 2).fill(4));
    const past = (await gpu.readFloats(d_logits)).subarray(numTokens * 4);
    expect(past.every((value) => value === 0)).toBe(true);
  });
});

describe.each([1, 20, 64])('the router of a decode step of %i rows', (rows) => {
  const cases = ROUTERS.flatMap((options) => [0, 1, 3].map((numShared) => ({ ...options, numShared })));
  test.each(cases)(
    'sends each to the shared experts, too, and sorts in one dispatch as in two, for %o',
    async (options) => {
      const gpu = runner();
      const { experts: numExperts, topK, numShared } = options;
      const live = Math.max(1, rows - 3);
      const shape = { ...shapeOf(rows, options), numShared };
      const slots = routeSlots(shape, TILE_ROWS);
      const slotsPerRow = topK + numShared;
      const { tiles, places, blockCounts } = sortSizes(slots);
      const logits = normalFloats(rows * numExperts, 1);
      const hasBias = options.scoring === 'sigmoid';
      const biases = hasBias
        ? normalFloats(numExperts, 2).map((value) => 0.3 * value - 1.5)
        : new Float32Array(numExperts);
      const outputs = () => ({
        weights: gpu.output(slots.size),
        load: gpu.words(new Array(numExperts).fill(7)),
        order: gpu.output(places),
        place: gpu.output(slots.size),
        tile_key: gpu.output(tiles),
      });
      const given = {
        logits: gpu.floats(logits),
        ...(hasBias && { bias: gpu.floats(biases) }),
        num_tokens: gpu.words([live]),
      };
      const experts = gpu.output(slots.size);
      const [apart, together] = [outputs(), outputs()];
      const [offsets, counts] = [gpu.output(slots.buckets), gpu.output(slots.buckets)];
      const scratch = { blockCounts: gpu.output(blockCounts), offsets, counts };
      const { weights, load, ...sorted } = apart;
      const { tile_key: tileKey, ...rest } = sorted;
      await gpu.run(
        moeRoute(shape, { ...given, experts, weights, load }),
        ...countingSort(slots, { keys: experts, ...scratch, ...rest, tileKey }),
      );

      const expected = reference.moeRoute(logits, biases, options);
      const shared = Array.from({ length: numShared }, (_, i) => numExperts + i);
      const rowOf = (row: number, chosen: ArrayLike<number>, others: readonly number[]) =>
        row < live ? [...Array.from(chosen).slice(row * topK, (row + 1) * topK), ...others] : undefined;
      const perRow = Array.from({ length: rows }, (_, row) => row);
      expect([...(await gpu.readWords(experts))]).toEqual(
        perRow.flatMap((row) => rowOf(row, expected.experts, shared) ?? new Array(slotsPerRow).fill(slots.buckets)),
      );
      expectClose(
        await gpu.readFloats(weights),
        perRow.flatMap(
          (row) => rowOf(row, expected.weights, new Array(numShared).fill(1)) ?? new Array(slotsPerRow).fill(0),
        ),
        { relative: 1e-6, because: 'f32 exponentials and a short sum' },
      );
      expect(canRouteSorted(shape, TILE_ROWS)).toBe(hasBias && slots.size <= 512);
      if (!canRouteSorted(shape, TILE_ROWS)) return;
      await gpu.run(moeRouteSorted(shape, TILE_ROWS, { ...given, bias: gpu.floats(biases), ...together }));
      for (const name of ['weights', 'load', 'order', 'place', 'tile_key'] as const) {
        expect([name, ...(await gpu.readWords(together[name]))]).toEqual([name, ...(await gpu.readWords(apart[name]))]);
      }
    },
  );
});

test.each(['sigmoid', 'softmax'] as const)(
  'the normalised weight of a lone expert is 1, so its router has no gradient (%s)',
  async (scoring) => {
    const gpu = runner();
    const rows = 257;
    const options = { ...PLAIN, topK: 1, scoring };
    const shape = shapeOf(rows, options);
    const [experts, weights, d_logits] = [gpu.output(rows), gpu.output(rows), gpu.output(rows * 8)];
    const logits = gpu.floats(normalFloats(rows * 8, 1));
    const d_weights = gpu.floats(normalFloats(rows, 2));
    await gpu.run(
      moeRoute(shape, {
        logits,
        ...(scoring === 'sigmoid' && { bias: gpu.zeros(8) }),
        num_tokens: gpu.words([rows]),
        experts,
        weights,
      }),
      moeRouteBackward({ ...shape, isNormalized: true }, { logits, experts, d_weights, d_logits }),
    );
    expectClose(await gpu.readFloats(d_logits), new Float32Array(rows * 8), {
      absolute: 2e-7,
      because: 'WGSL may divide a number by itself to one unit in the last place of 1',
    });
  },
);

test('of equal experts and equal groups the lowest index comes first', async () => {
  const gpu = runner();
  const options = { ...PLAIN, experts: 6, topK: 2, groups: 3 };
  const [experts, weights] = [gpu.output(2), gpu.output(2)];
  const given = { logits: gpu.zeros(6), bias: gpu.zeros(6), num_tokens: gpu.words([1]) };
  await gpu.run(moeRoute(shapeOf(1, options), { ...given, experts, weights }));
  expect([...(await gpu.readWords(experts))]).toEqual([0, 1]);
});

test.each([1, 63, 64, 65])(
  '%i experts: load adds up over batches and moves the bias against it',
  async (numExperts) => {
    const gpu = runner();
    const [first, second] = [integers(numExperts, 9, 1), integers(numExperts, 9, 2)];
    const before = normalFloats(numExperts, 3);
    const [load, stepLoad, biases] = [gpu.words(first), gpu.zeros(numExperts), gpu.floats(before)];
    await gpu.run(
      moeLoad(numExperts, { counts: gpu.words(second), load, step_load: stepLoad }),
      moeBias({ numExperts, speed: 0.01 }, { load, bias: biases }),
    );
    const total = Array.from(first, (count, e) => count + (second[e] ?? 0));
    expect([...(await gpu.readWords(load))]).toEqual(total);
    const expected = bias.moeBias(before, total, 0.01);
    expectClose(await gpu.readFloats(biases), expected, {
      absolute: 2.5e-7,
      because: 'one f32 sum of numbers up to 4',
    });
  },
);
