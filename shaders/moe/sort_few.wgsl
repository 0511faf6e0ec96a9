// Sorts a few slots by key, stably and in one workgroup (lib/few_slots.wgsl). Writes what the three kernels for many slots do
// (sort_count.wgsl, sort_scan.wgsl, sort_scatter.wgsl).
// keys: (S), keys ≥ buckets are left out   order: slot at each sorted place, INVALID in the padding of a segment to whole tiles
// place: (S) sorted place of each slot, INVALID for slots left out   offsets, counts: (buckets)
// tile_key: (tiles) key of each tile, `buckets` where there is none   counted: adds the counts to load (buckets).
import package::lib::few_slots::{INVALID, RUNS, first_tiles, next_place, run_of, set_key, sum_up, totals};
import constants::BUCKETS;

struct Params {
  size: u32,
  tile: u32,
  tiles: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read_write> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> place: array<u32>;
@group(0) @binding(4) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(5) var<storage, read_write> counts: array<u32>;
@group(0) @binding(6) var<storage, read_write> tile_key: array<u32>;
@if(counted) @group(0) @binding(7) var<storage, read_write> load: array<u32>;

@compute @workgroup_size(RUNS)
fn main(@builtin(local_invocation_index) run: u32) {
  let slots = run_of(run, params.size);
  for (var i = slots.x; i < slots.y; i++) { set_key(run, i, keys[i]); }
  sum_up(run, params.tile);
  for (var i = slots.x; i < slots.y; i++) {
    let at = next_place(run, i, params.tile);
    place[i] = at;
    if (at != INVALID) { order[at] = i; }
  }
  for (var b = run; b < BUCKETS; b += RUNS) {
    let first = first_tiles[b] * params.tile;
    offsets[b] = first;
    counts[b] = totals[b];
    @if(counted) load[b] += totals[b];
    for (var p = first + totals[b]; p < first_tiles[b + 1u] * params.tile; p++) { order[p] = INVALID; }
    for (var t = first_tiles[b]; t < first_tiles[b + 1u]; t++) { tile_key[t] = b; }
  }
  for (var t = first_tiles[BUCKETS] + run; t < params.tiles; t += RUNS) {
    tile_key[t] = BUCKETS;
    for (var p = t * params.tile; p < (t + 1u) * params.tile; p++) { order[p] = INVALID; }
  }
}
