// Second of three kernels that sort slots by key: one workgroup turns block counts into the places where each block writes.
// Segments are padded to a multiple of `tile` so that a tile of rows has one key.
// block_counts: (blocks, buckets), replaced by starts within the bucket   offsets, counts: (buckets)
// tile_key: (tiles) key of each tile, `buckets` where there is none   order: places of padding get INVALID
// counted: adds the counts to load (buckets).
struct Params {
  blocks: u32,
  buckets: u32,
  tile: u32,
  tiles: u32,
}

const INVALID = 0xffffffffu;
const INVOCATIONS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> block_counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> offsets: array<u32>;
@group(0) @binding(3) var<storage, read_write> counts: array<u32>;
@group(0) @binding(4) var<storage, read_write> tile_key: array<u32>;
@group(0) @binding(5) var<storage, read_write> order: array<u32>;
@if(counted) @group(0) @binding(6) var<storage, read_write> load: array<u32>;

var<workgroup> used: u32;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var b = lane; b < params.buckets; b += INVOCATIONS) {
    var total = 0u;
    for (var block = 0u; block < params.blocks; block++) {
      let at = block * params.buckets + b;
      let count = block_counts[at];
      block_counts[at] = total;
      total += count;
    }
    counts[b] = total;
    @if(counted) load[b] += total;
  }
  storageBarrier();
  if (lane == 0u) {
    var at = 0u;
    for (var b = 0u; b < params.buckets; b++) {
      offsets[b] = at;
      at += (counts[b] + params.tile - 1u) / params.tile * params.tile;
    }
    used = at;
  }
  storageBarrier();
  workgroupBarrier();
  for (var b = lane; b < params.buckets; b += INVOCATIONS) {
    let first = offsets[b];
    let padded = (counts[b] + params.tile - 1u) / params.tile;
    for (var t = 0u; t < padded; t++) { tile_key[first / params.tile + t] = b; }
    for (var p = first + counts[b]; p < first + padded * params.tile; p++) { order[p] = INVALID; }
  }
  for (var t = used / params.tile + lane; t < params.tiles; t += INVOCATIONS) { tile_key[t] = params.buckets; }
  for (var p = used + lane; p < params.tiles * params.tile; p += INVOCATIONS) { order[p] = INVALID; }
}
