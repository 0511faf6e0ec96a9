// y += aᵀ · b, four by four an invocation: the gradient of w in y = x·wᵀ, added to what is there.
// a: (N, M)   b: (N, K)   y: (M, K); M, K and all strides are multiples of 4.
// grouped: expert e sums over its segment of rows only; y: (E, M, K).
// gather: row n of b is row row_of[n] / slots_per_row.
import package::lib::index::flat_index;

struct Params {
  rows: u32,            // N
  columns_a: u32,       // M
  columns_b: u32,       // K
  a_stride: u32,
  a_offset: u32,
  b_stride: u32,
  b_offset: u32,
  num_experts: u32,     // 1 unless grouped
  slots_per_row: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tiles_b = params.columns_b / 4u;
  let tiles = (params.columns_a / 4u) * tiles_b;
  let i = flat_index(id, groups);
  let expert = i / tiles;
  if (expert >= params.num_experts) { return; }
  let tile_a = (i % tiles) / tiles_b;
  let tile_b = i % tiles_b;
  var first = 0u;
  var end = params.rows;
  @if(grouped) {
    first = offsets[expert];
    end = first + counts[expert];
  }
  let a_stride = params.a_stride / 4u;
  let b_stride = params.b_stride / 4u;
  var a_at = params.a_offset / 4u + first * a_stride + tile_a;
  let b_base = params.b_offset / 4u + tile_b;
  var y0 = vec4f(0.0);
  var y1 = vec4f(0.0);
  var y2 = vec4f(0.0);
  var y3 = vec4f(0.0);
  for (var n = first; n < end; n++) {
    var row = n;
    @if(gather) { row = row_of[n] / params.slots_per_row; }
    let x = b[b_base + row * b_stride];
    let g = a[a_at];
    a_at += a_stride;
    y0 += x * g.x;
    y1 += x * g.y;
    y2 += x * g.z;
    y3 += x * g.w;
  }
  let out = (expert * params.columns_a + tile_a * 4u) * tiles_b + tile_b;
  y[out] += y0;
  y[out + tiles_b] += y1;
  y[out + 2u * tiles_b] += y2;
  y[out + 3u * tiles_b] += y3;
}
