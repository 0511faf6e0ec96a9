// y = a · bᵀ, ROWS rows by TILES times four columns an invocation, K in steps of four, no workgroup memory.
// A workgroup lies along the columns of one tile of rows: its rows of a, the same for all, are read once for all of them.
// a: (N, K)   b: (M, K)   y: (N, M); K, M and all strides are multiples of 4.
// grouped: row n uses b of expert tile_expert[n / TILE_ROWS]; tiles of no expert are left alone.
// gather: row n of a is row row_of[n] / SLOTS_PER_ROW; INVALID rows count as zero.
// plus: addend, laid out as y, is added at the end.
// subgroups: a row's numbers are read by every fourth invocation, which tells the others of its subgroup.
import package::lib::columns::{columns, add_product};
import package::lib::weights::WeightQuad;
import constants::{WIDTH, ROWS, TILES};
@if(grouped) import constants::TILE_ROWS;
@if(gather) import constants::SLOTS_PER_ROW;

struct Params {
  rows: u32,
  columns: u32,
  depth: u32,
  a_stride: u32,
  a_offset: u32,
  y_stride: u32,
  y_offset: u32,
  expert_stride: u32,   // floats between two experts' b
  num_experts: u32,
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<WeightQuad>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> tile_expert: array<u32>;
@if(gather) @group(0) @binding(5) var<storage, read> row_of: array<u32>;
@if(plus) @group(0) @binding(6) var<storage, read> addend: array<vec4f>;

// Start of row n of a, in vec4; INVALID for a row of zeros.
fn a_row(n: u32) -> u32 {
  var row = min(n, params.rows - 1u);
  @if(gather) {
    let slot = row_of[row];
    if (slot == INVALID) { return INVALID; }
    row = slot / SLOTS_PER_ROW;
  }
  return (params.a_offset + row * params.a_stride) / 4u;
}

fn load(start: u32, k: u32) -> vec4f {
  @if(gather) {
    if (start == INVALID) { return vec4f(0.0); }
  }
  return a[start + k];
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  let depth = params.depth / 4u;
  let num_tiles = params.columns / 4u;
  let first_row = group.y * ROWS;
  let first_tile = group.x * WIDTH * TILES + local.x;
  var b_first = 0u;
  @if(grouped) {
    let expert = tile_expert[first_row / TILE_ROWS];
    if (expert >= params.num_experts) { return; }
    b_first = expert * (params.expert_stride / 4u);
  }
  @if(!subgroups) var a_at: array<u32, ROWS>;
  @if(!subgroups) for (var r = 0u; r < ROWS; r++) { a_at[r] = a_row(first_row + r); }
  @if(subgroups) var a_at: array<u32, ROWS / 4>;
  @if(subgroups) for (var q = 0u; q < ROWS / 4u; q++) { a_at[q] = a_row(first_row + q * 4u + lane % 4u); }
  var b_at: array<u32, TILES>;
  for (var t = 0u; t < TILES; t++) { b_at[t] = b_first + min(first_tile + t * WIDTH, num_tiles - 1u) * 4u * depth; }
  var sum: array<vec4f, ROWS * TILES>;
  for (var k = 0u; k < depth; k++) {
    var x: array<vec4f, ROWS>;
    @if(!subgroups) for (var r = 0u; r < ROWS; r++) { x[r] = load(a_at[r], k); }
    @if(subgroups) for (var q = 0u; q < ROWS / 4u; q++) {
      let own = load(a_at[q], k);
      for (var i = 0u; i < 4u; i++) { x[q * 4u + i] = quadBroadcast(own, i); }
    }
    for (var t = 0u; t < TILES; t++) {
      let at = b_at[t] + k;
      let m = columns(vec4f(b[at]), vec4f(b[at + depth]), vec4f(b[at + 2u * depth]), vec4f(b[at + 3u * depth]));
      for (var r = 0u; r < ROWS; r++) { sum[r * TILES + t] = add_product(sum[r * TILES + t], x[r], m); }
    }
  }
  for (var t = 0u; t < TILES; t++) {
    let tile = first_tile + t * WIDTH;
    for (var r = 0u; r < ROWS; r++) {
      let row = first_row + r;
      if (row < params.rows && tile < num_tiles) {
        let at = (params.y_offset + row * params.y_stride) / 4u + tile;
        @if(plus) y[at] = addend[at] + sum[r * TILES + t];
        @if(!plus) y[at] = sum[r * TILES + t];
      }
    }
  }
}
