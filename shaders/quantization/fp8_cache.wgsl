// The latents that a decode step added to its cache, in eight bits as fp8_rows.wgsl has them; an invocation a tile.
// cache: rows of `width` numbers, the first `rank` of them the latent
import package::lib::decode_row::{Row, INVALID};
import package::lib::e4m3::{round_scaled, size_bits, tile_scale};
import package::lib::index::flat_index;
import constants::TILE;

struct Params {
  rows: u32,
  rank: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read_write> cache: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let tiles = (params.rank + TILE - 1u) / TILE;
  let row = i / tiles;
  if (row >= params.rows || places[row].own_first == INVALID) { return; }
  let start = (places[row].own_first + places[row].own_length) * params.width;
  let first = start + i % tiles * TILE;
  let end = min(first + TILE, start + params.rank);
  var largest = 0u;
  for (var at = first; at < end; at++) { largest = max(largest, size_bits(cache[at])); }
  let scale = tile_scale(largest);
  for (var at = first; at < end; at++) { cache[at] = round_scaled(cache[at], scale); }
}
