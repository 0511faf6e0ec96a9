// A stable counting sort of a few slots by key in one workgroup: an invocation has a run of neighbouring slots, counts those of
// each bucket, and places them behind those of the runs before its own. Each bucket's places are filled up to whole tiles.
import constants::{BUCKETS, MOST_SLOTS};

// Invocations of the workgroup.
const RUNS = 32u;
const INVALID = 0xffffffffu;

var<workgroup> keys: array<u32, MOST_SLOTS>;
// Slots of each bucket in each run; summed up, in the runs before it.
var<workgroup> counts: array<u32, RUNS * BUCKETS>;
var<workgroup> totals: array<u32, BUCKETS>;
var<workgroup> first_tiles: array<u32, BUCKETS + 1u>;

// First item of a run, one past the last: of so many that are divided evenly.
fn run_of(run: u32, items: u32) -> vec2u {
  let length = (items + RUNS - 1u) / RUNS;
  return min(vec2u(run, run + 1u) * length, vec2u(items));
}

fn set_key(run: u32, slot: u32, key: u32) {
  keys[slot] = key;
  if (key < BUCKETS) { counts[key * RUNS + run]++; }
}

// Every invocation must come along, when all keys of its run are set.
fn sum_up(run: u32, tile: u32) {
  workgroupBarrier();
  for (var b = run; b < BUCKETS; b += RUNS) {
    var before = 0u;
    for (var i = b * RUNS; i < (b + 1u) * RUNS; i++) {
      let count = counts[i];
      counts[i] = before;
      before += count;
    }
    totals[b] = before;
  }
  workgroupBarrier();
  var next = 0u;
  var first = 0u;
  for (var b = run; b <= BUCKETS; b += RUNS) {
    for (; next < b; next++) { first += (totals[next] + tile - 1u) / tile; }
    first_tiles[b] = first;
  }
  workgroupBarrier();
}

// Sorted place of the next slot of a run, INVALID for a key of no bucket.
fn next_place(run: u32, slot: u32, tile: u32) -> u32 {
  let key = keys[slot];
  if (key >= BUCKETS) { return INVALID; }
  let before = counts[key * RUNS + run];
  counts[key * RUNS + run]++;
  return first_tiles[key] * tile + before;
}
