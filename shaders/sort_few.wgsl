// Sorts a few slots by key, stably and in one workgroup: each invocation counts and places the slots of its own buckets. Writes
// what the three kernels for many slots do (sort_count.wgsl, sort_scan.wgsl, sort_scatter.wgsl).
// keys: (S), keys ≥ buckets are left out   order: slot at each sorted place, INVALID in the padding of a segment to whole tiles
// place: (S) sorted place of each slot, INVALID for slots left out   offsets, counts: (buckets)
// tile_key: (tiles) key of each tile, `buckets` where there is none   counted: adds the counts to load (buckets).
import constants::BUCKETS;

struct Params {
  size: u32,
  tile: u32,
  tiles: u32,
}

const INVALID = 0xffffffffu;
const LANES = 32u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read_write> order: array<u32>;
@group(0) @binding(3) var<storage, read_write> place: array<u32>;
@group(0) @binding(4) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(5) var<storage, read_write> counts: array<u32>;
@group(0) @binding(6) var<storage, read_write> tile_key: array<u32>;
@if(counted) @group(0) @binding(7) var<storage, read_write> load: array<u32>;

var<workgroup> tiles_of: array<u32, BUCKETS>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var b = lane; b < BUCKETS; b += LANES) {
    var count = 0u;
    for (var i = 0u; i < params.size; i++) { count += u32(keys[i] == b); }
    counts[b] = count;
    @if(counted) load[b] += count;
    tiles_of[b] = (count + params.tile - 1u) / params.tile;
  }
  workgroupBarrier();
  var next = 0u;
  var tile = 0u;
  for (var b = lane; b < BUCKETS; b += LANES) {
    for (; next < b; next++) { tile += tiles_of[next]; }
    let first = tile * params.tile;
    offsets[b] = first;
    var at = first;
    for (var i = 0u; i < params.size; i++) {
      if (keys[i] == b) {
        order[at] = i;
        place[i] = at;
        at++;
      }
    }
    for (var t = 0u; t < tiles_of[b]; t++) { tile_key[tile + t] = b; }
    for (; at < first + tiles_of[b] * params.tile; at++) { order[at] = INVALID; }
  }
  for (; next < BUCKETS; next++) { tile += tiles_of[next]; }
  for (var t = tile + lane; t < params.tiles; t += LANES) { tile_key[t] = BUCKETS; }
  for (var p = tile * params.tile + lane; p < params.tiles * params.tile; p += LANES) { order[p] = INVALID; }
  for (var i = lane; i < params.size; i += LANES) {
    if (keys[i] >= BUCKETS) { place[i] = INVALID; }
  }
}
