// y = a · b, the gradient of x in y = x·wᵀ. Tiles and workgroups as in matmul_nt.wgsl, K one at a time: b's columns lie in a row.
// a: (N, K)   b: (K, M)   y: (N, M); M, b's and y's strides are multiples of 4.
// grouped: row n uses b of expert tile_expert[n / TILE_ROWS]; tiles of no expert are left alone.
// plus: addend, laid out as y, is added at the end.
// subgroups: a row's number is read by every fourth invocation, which tells the others of its subgroup.
import package::lib::weights::WeightQuad;
import constants::{WIDTH, ROWS, TILES};
@if(grouped) import constants::TILE_ROWS;

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

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<WeightQuad>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> tile_expert: array<u32>;
@if(plus) @group(0) @binding(5) var<storage, read> addend: array<vec4f>;

// Start of row n of a.
fn a_row(n: u32) -> u32 {
  return params.a_offset + min(n, params.rows - 1u) * params.a_stride;
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  let columns = params.columns / 4u;
  let first_row = group.y * ROWS;
  let first_tile = group.x * WIDTH * TILES + local.x;
  var b_at = 0u;
  @if(grouped) {
    let expert = tile_expert[first_row / TILE_ROWS];
    if (expert >= params.num_experts) { return; }
    b_at = expert * (params.expert_stride / 4u);
  }
  @if(!subgroups) var a_at: array<u32, ROWS>;
  @if(!subgroups) for (var r = 0u; r < ROWS; r++) { a_at[r] = a_row(first_row + r); }
  @if(subgroups) var a_at: array<u32, ROWS / 4>;
  @if(subgroups) for (var q = 0u; q < ROWS / 4u; q++) { a_at[q] = a_row(first_row + q * 4u + lane % 4u); }
  var column: array<u32, TILES>;
  for (var t = 0u; t < TILES; t++) { column[t] = min(first_tile + t * WIDTH, columns - 1u); }
  var sum: array<vec4f, ROWS * TILES>;
  for (var k = 0u; k < params.depth; k++) {
    var m: array<vec4f, TILES>;
    for (var t = 0u; t < TILES; t++) { m[t] = vec4f(b[b_at + column[t]]); }
    @if(!subgroups) for (var r = 0u; r < ROWS; r++) {
      let x = vec4f(a[a_at[r] + k]);
      for (var t = 0u; t < TILES; t++) { sum[r * TILES + t] = fma(m[t], x, sum[r * TILES + t]); }
    }
    @if(subgroups) for (var q = 0u; q < ROWS / 4u; q++) {
      let own = a[a_at[q] + k];
      for (var i = 0u; i < 4u; i++) {
        let x = vec4f(quadBroadcast(own, i));
        for (var t = 0u; t < TILES; t++) { sum[(q * 4u + i) * TILES + t] = fma(m[t], x, sum[(q * 4u + i) * TILES + t]); }
      }
    }
    b_at += columns;
  }
  for (var t = 0u; t < TILES; t++) {
    let tile = first_tile + t * WIDTH;
    for (var r = 0u; r < ROWS; r++) {
      let row = first_row + r;
      if (row < params.rows && tile < columns) {
        let at = (params.y_offset + row * params.y_stride) / 4u + tile;
        @if(plus) y[at] = addend[at] + sum[r * TILES + t];
        @if(!plus) y[at] = sum[r * TILES + t];
      }
    }
  }
}
