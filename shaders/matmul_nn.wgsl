// y = a · b, four rows by four columns an invocation: the gradient of x in y = x·wᵀ.
// a: (N, K)   b: (K, M)   y: (N, M); K, M and all strides are multiples of 4.
// grouped: row n uses b of expert tile_expert[n / 4]; tiles of no expert are left alone.
import package::lib::index::flat_index;

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
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> tile_expert: array<u32>;

fn a_row(n: u32) -> u32 {
  return (params.a_offset + min(n, params.rows - 1u) * params.a_stride) / 4u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let column_tiles = params.columns / 4u;
  let tile = flat_index(id, groups);
  let row = (tile / column_tiles) * 4u;
  if (row >= params.rows) { return; }
  let column = (tile % column_tiles) * 4u;
  var at = column / 4u;
  @if(grouped) {
    let expert = tile_expert[row / 4u];
    if (expert >= params.num_experts) { return; }
    at += expert * (params.expert_stride / 4u);
  }
  let a0 = a_row(row);
  let a1 = a_row(row + 1u);
  let a2 = a_row(row + 2u);
  let a3 = a_row(row + 3u);
  var y0 = vec4f(0.0);
  var y1 = vec4f(0.0);
  var y2 = vec4f(0.0);
  var y3 = vec4f(0.0);
  for (var k = 0u; k < params.depth / 4u; k++) {
    let m0 = b[at];
    let m1 = b[at + column_tiles];
    let m2 = b[at + 2u * column_tiles];
    let m3 = b[at + 3u * column_tiles];
    at += 4u * column_tiles;
    let x0 = a[a0 + k];
    let x1 = a[a1 + k];
    let x2 = a[a2 + k];
    let x3 = a[a3 + k];
    y0 += m0 * x0.x + m1 * x0.y + m2 * x0.z + m3 * x0.w;
    y1 += m0 * x1.x + m1 * x1.y + m2 * x1.z + m3 * x1.w;
    y2 += m0 * x2.x + m1 * x2.y + m2 * x2.z + m3 * x2.w;
    y3 += m0 * x3.x + m1 * x3.y + m2 * x3.z + m3 * x3.w;
  }
  let stride = params.y_stride / 4u;
  let out = (params.y_offset + row * params.y_stride + column) / 4u;
  y[out] = y0;
  if (row + 1u < params.rows) { y[out + stride] = y1; }
  if (row + 2u < params.rows) { y[out + 2u * stride] = y2; }
  if (row + 3u < params.rows) { y[out + 3u * stride] = y3; }
}
