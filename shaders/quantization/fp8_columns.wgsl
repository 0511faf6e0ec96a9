// y = x, tiles of TILE rows of a column in eight bits with a scale each; an invocation a tile.   x, y: (N, D)
// grouped: rows are sorted by expert, in segments that start at multiples of TILE_ROWS; tiles begin with their segment, and what
// lies between segments is not written.
// gather: row n of x is row row_of[n] / SLOTS_PER_ROW.
import package::lib::e4m3::{round_scaled, size_bits, tile_scale};
import package::lib::index::flat_index;
import constants::TILE;
@if(grouped) import constants::TILE_ROWS;
@if(gather) import constants::SLOTS_PER_ROW;

struct Params {
  rows: u32,
  width: u32,
  num_experts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@if(grouped) @group(0) @binding(3) var<storage, read> tile_expert: array<u32>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;

fn place_of(row: u32, column: u32) -> u32 {
  @if(gather) { return row_of[row] / SLOTS_PER_ROW * params.width + column; }
  @if(!gather) { return row * params.width + column; }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let column = i % params.width;
  @if(grouped) let first = i / params.width * TILE_ROWS;
  @if(!grouped) let first = i / params.width * TILE;
  if (first >= params.rows) { return; }
  @if(!grouped) let end = min(first + TILE, params.rows);
  @if(grouped) let expert = tile_expert[first / TILE_ROWS];
  @if(grouped) {
    if (expert >= params.num_experts || (first - offsets[expert]) % TILE != 0u) { return; }
  }
  @if(grouped) let end = min(first + TILE, offsets[expert] + counts[expert]);
  var largest = 0u;
  for (var row = first; row < end; row++) { largest = max(largest, size_bits(x[place_of(row, column)])); }
  let scale = tile_scale(largest);
  for (var row = first; row < end; row++) {
    y[row * params.width + column] = round_scaled(x[place_of(row, column)], scale);
  }
}
