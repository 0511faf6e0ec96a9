// y = a · bᵀ, four rows by four columns an invocation, K in steps of four, no workgroup memory.
// a: (N, K)   b: (M, K)   y: (N, M); K, M and all strides are multiples of 4.
// grouped: row n uses b of expert tile_expert[n / 4]; tiles of no expert are left alone.
// gather: row n of a is row row_of[n] / slots_per_row; INVALID rows count as zero.
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
  slots_per_row: u32,   // entries of row_of that share one row of a
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> tile_expert: array<u32>;
@if(gather) @group(0) @binding(5) var<storage, read> row_of: array<u32>;

// Start of row n of a, in vec4; INVALID for a row of zeros.
fn a_row(n: u32) -> u32 {
  var row = min(n, params.rows - 1u);
  @if(gather) {
    let slot = row_of[row];
    if (slot == INVALID) { return INVALID; }
    row = slot / params.slots_per_row;
  }
  return (params.a_offset + row * params.a_stride) / 4u;
}

fn load(start: u32, k: u32) -> vec4f {
  @if(gather) {
    if (start == INVALID) { return vec4f(0.0); }
  }
  return a[start + k];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let column_tiles = params.columns / 4u;
  let tile = flat_index(id, groups);
  let row = (tile / column_tiles) * 4u;
  if (row >= params.rows) { return; }
  let column = (tile % column_tiles) * 4u;
  let depth = params.depth / 4u;
  var b0 = column * depth;
  @if(grouped) {
    let expert = tile_expert[row / 4u];
    if (expert >= params.num_experts) { return; }
    b0 += expert * (params.expert_stride / 4u);
  }
  let b1 = b0 + depth;
  let b2 = b1 + depth;
  let b3 = b2 + depth;
  let a0 = a_row(row);
  let a1 = a_row(row + 1u);
  let a2 = a_row(row + 2u);
  let a3 = a_row(row + 3u);
  var y0 = vec4f(0.0);
  var y1 = vec4f(0.0);
  var y2 = vec4f(0.0);
  var y3 = vec4f(0.0);
  for (var k = 0u; k < depth; k++) {    // Columns of b as rows of a 4×4, turned so that each step is one multiply-add of four columns.
    let m = transpose(mat4x4f(b[b0 + k], b[b1 + k], b[b2 + k], b[b3 + k]));
    let x0 = load(a0, k);
    let x1 = load(a1, k);
    let x2 = load(a2, k);
    let x3 = load(a3, k);
    y0 += m[0] * x0.x + m[1] * x0.y + m[2] * x0.z + m[3] * x0.w;
    y1 += m[0] * x1.x + m[1] * x1.y + m[2] * x1.z + m[3] * x1.w;
    y2 += m[0] * x2.x + m[1] * x2.y + m[2] * x2.z + m[3] * x2.w;
    y3 += m[0] * x3.x + m[1] * x3.y + m[2] * x3.z + m[3] * x3.w;
  }
  let stride = params.y_stride / 4u;
  let out = (params.y_offset + row * params.y_stride + column) / 4u;
  y[out] = y0;
  if (row + 1u < params.rows) { y[out + stride] = y1; }
  if (row + 2u < params.rows) { y[out + 2u * stride] = y2; }
  if (row + 3u < params.rows) { y[out + 3u * stride] = y3; }
}
