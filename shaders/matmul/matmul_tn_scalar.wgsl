// y = aᵀ · b, one output an invocation, for shapes that are not multiples of four. As matmul_tn.wgsl otherwise.
import package::lib::index::flat_index;
import package::lib::segment::part_of;
@if(gather) import constants::SLOTS_PER_ROW;

struct Params {
  rows: u32,
  columns_a: u32,
  columns_b: u32,
  a_stride: u32,
  a_offset: u32,
  b_stride: u32,
  b_offset: u32,
  segments: u32,
  parts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let size = params.columns_a * params.columns_b;
  let part = i / size / params.segments;
  let segment = i / size % params.segments;
  if (part >= params.parts) { return; }
  let m = (i % size) / params.columns_b;
  let k = i % params.columns_b;
  @if(grouped) let range = part_of(offsets[segment], counts[segment], part, params.parts);
  @if(!grouped) let range = part_of(0u, params.rows, part, params.parts);
  var sum = 0.0;
  for (var n = range.x; n < range.y; n++) {
    var row = n;
    @if(gather) { row = row_of[n] / SLOTS_PER_ROW; }
    sum += a[params.a_offset + n * params.a_stride + m] * b[params.b_offset + row * params.b_stride + k];
  }
  @if(grow) y[i] += sum;
  @if(!grow) y[i] = sum;
}
