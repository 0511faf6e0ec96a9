// Attention of one new token a row over a cache. Queries that read the same keys go through them together. The keys of a
// row are not cut into parts, as they are for a GPU: of its parts only the first is there, with all keys.
import { dots } from '../dots';
import { vexp } from '../exp';
import { DecodeRow, decodeRowAt } from '../rollout';
import { scaleRows } from '../rows';
import { scratch } from '../scratch';
import { INVALID } from '../types';
import { add, lane0, LANES, laneMax, laneSum, splat, STEP, sub, vload, vmax, vstore } from '../vector';
import { sumValues, WEIGHTS_BYTES } from './sumValues';

// @ts-ignore: decorator
@inline
export function isLive(row: DecodeRow): bool {
  return row.own_first != INVALID;
}

/** The first row of `from` … `end` − 1 that is of no rollout; `end` where all are of one. */
export function endOfLive(places: usize, from: u32, end: u32): u32 {
  while (from < end && isLive(decodeRowAt(places, from))) from++;
  return from;
}

/** The new token's place in its text. */
// @ts-ignore: decorator
@inline
export function newPosition(row: DecodeRow): u32 {
  return row.prompt_length + row.own_length;
}

/** Queries that go through the keys together at most. */
export const TOGETHER: u32 = 8;
/** Keys at a time: their weights lie in the nearest cache. */
const CHUNK: u32 = <u32>(WEIGHTS_BYTES >> 2);

// Where in scratch lies, behind a row of weights for each query, what each query's sums so far are to be multiplied by.
const FACTORS: usize = <usize>TOGETHER * WEIGHTS_BYTES;

/** Below any score; finite, so that no NaN is made of it. */
const LEAST: f32 = -3.0e38;

/**
 * For each of up to TOGETHER queries, over the keys from position `first` on to the new one:
 * sums = Σ_j e^(score_j − largest) · value_j, largest, total = Σ_j e^(score_j − largest). Strides are in numbers.
 * @param queries rows of `width` numbers
 * @param keys, values where those of the cache's row 0 lie
 */
export function attendTo(
  row: DecodeRow,
  first: u32,
  queries: usize,
  count: u32,
  width: u32,
  keys: usize,
  values: usize,
  cacheStride: u32,
  valueWidth: u32,
  sums: usize,
  sumsStride: u32,
  largests: usize,
  totals: usize,
  scalarsStride: u32,
): void {
  const weights = scratch();
  const promptEnd = row.prompt_length;
  const end = newPosition(row) + 1;
  for (let from = first; from < end; ) {
    const to = min(end, from + CHUNK);
    const isFirst = from == first;
    // Of the chunk's keys those of the prompt, then the rollout's own.
    const numPrompt = from < promptEnd ? min(to, promptEnd) - from : 0;
    const numOwn = to - from - numPrompt;
    const promptAt = <usize>((row.prompt_first + from) * cacheStride) << 2;
    const ownAt = <usize>((row.own_first + from + numPrompt - promptEnd) * cacheStride) << 2;
    const ownWeights = weights + (<usize>numPrompt << 2);
    if (numPrompt) dots<f32>(queries, width, count, keys + promptAt, cacheStride, numPrompt, width, weights, CHUNK, 0);
    if (numOwn) dots<f32>(queries, width, count, keys + ownAt, cacheStride, numOwn, width, ownWeights, CHUNK, 0);
    for (let i: u32 = 0; i < count; i++) {
      const at = <usize>(i * scalarsStride) << 2;
      if (isFirst) {
        store<f32>(largests + at, LEAST);
        store<f32>(totals + at, 0);
      }
      weigh(weights + <usize>i * WEIGHTS_BYTES, to - from, largests + at, totals + at, weights + FACTORS + (<usize>i << 2));
    }
    if (!isFirst) scaleRows(sums, <usize>sumsStride << 2, count, valueWidth, weights + FACTORS);
    if (numPrompt) {
      sumValues(sums, sumsStride, count, valueWidth, isFirst, weights, values + promptAt, cacheStride, numPrompt);
    }
    if (numOwn) {
      const begins = isFirst && numPrompt == 0;
      sumValues(sums, sumsStride, count, valueWidth, begins, ownWeights, values + ownAt, cacheStride, numOwn);
    }
    from = to;
  }
}

/** Scores of a query become weights, e^(score − the largest so far); factor: of what was summed before. */
function weigh(scores: usize, count: u32, largestAt: usize, totalAt: usize, factorAt: usize): void {
  const end = scores + (<usize>((count + LANES - 1) & ~(LANES - 1)) << 2);
  for (let x = scores + (<usize>count << 2); x < end; x += 4) store<f32>(x, -Infinity);
  const before = load<f32>(largestAt);
  let parts = splat(before);
  for (let x = scores; x < end; x += STEP) parts = vmax(parts, vload(x));
  const largest = laneMax(parts);
  let sums = splat(0);
  for (let x = scores; x < end; x += STEP) {
    const weights = vexp(sub(vload(x), splat(largest)));
    vstore(x, weights);
    sums = add(sums, weights);
  }
  const factor = lane0(vexp(splat(before - largest)));
  store<f32>(largestAt, largest);
  store<f32>(totalAt, load<f32>(totalAt) * factor + laneSum(sums));
  store<f32>(factorAt, factor);
}
