// y = x, tiles of TILE neighbours of a row in eight bits with a scale each; an invocation a tile.   x, y: (N, D)
import package::lib::e4m3::{round_scaled, size_bits, tile_scale};
import package::lib::index::flat_index;
import constants::TILE;

struct Params {
  rows: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let tiles = (params.width + TILE - 1u) / TILE;
  let row = i / tiles;
  if (row >= params.rows) { return; }
  let first = row * params.width + i % tiles * TILE;
  let end = min(first + TILE, (row + 1u) * params.width);
  var largest = 0u;
  for (var at = first; at < end; at++) { largest = max(largest, size_bits(x[at])); }
  let scale = tile_scale(largest);
  for (var at = first; at < end; at++) { y[at] = round_scaled(x[at], scale); }
}
