// y[n, m] = Σ_k a[n, k] · b(k, m), one output an invocation, for shapes that are not multiples of four.
// b is (M, K) read as bᵀ with b_row = 1, b_column = K, or (K, M) with b_row = M, b_column = 1.
// grouped, gather and plus: as in matmul_nt.wgsl.
import package::lib::index::flat_index;
import package::lib::vectors::Weight;
import constants::ROWS;
@if(gather) import constants::SLOTS_PER_ROW;

struct Params {
  rows: u32,
  columns: u32,
  depth: u32,
  a_stride: u32,
  a_offset: u32,
  b_row: u32,
  b_column: u32,
  y_stride: u32,
  y_offset: u32,
  expert_stride: u32,
  num_experts: u32,
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<Weight>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@if(grouped) @group(0) @binding(4) var<storage, read> tile_expert: array<u32>;
@if(gather) @group(0) @binding(5) var<storage, read> row_of: array<u32>;
@if(plus) @group(0) @binding(6) var<storage, read> addend: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.columns) { return; }
  let row = i / params.columns;
  let column = i % params.columns;
  var b_at = column * params.b_column;
  @if(grouped) {
    let expert = tile_expert[row / ROWS];
    if (expert >= params.num_experts) { return; }
    b_at += expert * params.expert_stride;
  }
  var source = row;
  var depth = params.depth;
  @if(gather) {
    let slot = row_of[row];
    if (slot == INVALID) { depth = 0u; }
    source = slot / SLOTS_PER_ROW;
  }
  let a_at = params.a_offset + source * params.a_stride;
  var sum = 0.0;
  for (var k = 0u; k < depth; k++) {
    sum += a[a_at + k] * f32(b[b_at]);
    b_at += params.b_row;
  }
  let at = params.y_offset + row * params.y_stride + column;
  @if(plus) y[at] = addend[at] + sum;
  @if(!plus) y[at] = sum;
}
