// y = aᵀ · b, the gradient of w in y = x·wᵀ; QUADS times four rows by TILES times four columns of y an invocation.
// A workgroup lies along the columns of a few rows of y, whose numbers of a are read once for all of them.
// a: (N, M)   b: (N, K)   y: (M, K); M, K and all strides are multiples of 4.
// N is summed in parts, y: (parts, M, K).   grouped: and each expert over its segment of rows only, y: (parts, E, M, K).
// gather: row n of b is row row_of[n] / SLOTS_PER_ROW.   grow: the product is added to y.
// subgroups: of four numbers of a, every fourth invocation reads one and tells the others of its subgroup.
import package::lib::segment::part_of;
import constants::{WIDTH, QUADS, TILES};
@if(gather) import constants::SLOTS_PER_ROW;

struct Params {
  rows: u32,            // N
  columns_a: u32,       // M
  columns_b: u32,       // K
  a_stride: u32,
  a_offset: u32,
  b_stride: u32,
  b_offset: u32,
  segments: u32,        // E
  parts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@if(subgroups) @group(0) @binding(1) var<storage, read> a: array<f32>;
@if(!subgroups) @group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  let columns = params.columns_b / 4u;
  let first_quad = group.y * QUADS;
  let first_tile = group.x * WIDTH * TILES + local.x;
  let part = group.z % params.parts;
  let segment = group.z / params.parts;
  @if(grouped) let range = part_of(offsets[segment], counts[segment], part, params.parts);
  @if(!grouped) let range = part_of(0u, params.rows, part, params.parts);
  var column: array<u32, TILES>;
  for (var t = 0u; t < TILES; t++) { column[t] = params.b_offset / 4u + min(first_tile + t * WIDTH, columns - 1u); }
  var sum: array<vec4f, QUADS * 4 * TILES>;
  for (var n = range.x; n < range.y; n++) {
    @if(subgroups) let a_at = params.a_offset + n * params.a_stride + first_quad * 4u + lane % 4u;
    @if(!subgroups) let a_at = (params.a_offset + n * params.a_stride) / 4u + first_quad;
    var row = n;
    @if(gather) { row = row_of[row] / SLOTS_PER_ROW; }
    let b_at = row * (params.b_stride / 4u);
    var x: array<vec4f, TILES>;
    for (var t = 0u; t < TILES; t++) { x[t] = b[b_at + column[t]]; }
    for (var q = 0u; q < QUADS; q++) {
      @if(subgroups) let own = a[a_at + q * 4u];
      @if(!subgroups) let own = a[a_at + q];
      for (var i = 0u; i < 4u; i++) {
        @if(subgroups) let g = vec4f(quadBroadcast(own, i));
        @if(!subgroups) let g = vec4f(own[i]);
        for (var t = 0u; t < TILES; t++) {
          sum[(q * 4u + i) * TILES + t] = fma(x[t], g, sum[(q * 4u + i) * TILES + t]);
        }
      }
    }
  }
  let y_first = ((part * params.segments + segment) * params.columns_a + first_quad * 4u) * columns;
  for (var t = 0u; t < TILES; t++) {
    let tile = first_tile + t * WIDTH;
    if (tile < columns) {
      for (var r = 0u; r < QUADS * 4u; r++) {
        let at = y_first + r * columns + tile;
        @if(grow) y[at] += sum[r * TILES + t];
        @if(!grow) y[at] = sum[r * TILES + t];
      }
    }
  }
}
