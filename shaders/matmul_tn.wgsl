// y = aᵀ · b, the gradient of w in y = x·wᵀ; QUADS times four rows by TILES times four columns of y an invocation.
// A workgroup lies along the columns of a few rows of y, whose numbers of a are read once for all of them.
// a: (N, M)   b: (N, K)   y: (M, K); M, K and all strides are multiples of 4.
// N is summed in parts, y: (parts, M, K).   grouped: and each expert over its segment of rows only, y: (parts, E, M, K).
// gather: row n of b is row row_of[n] / slots_per_row.   grow: the product is added to y.
// subgroups: of four rows of a, every fourth invocation reads one and tells the others of its subgroup.
import package::lib::segment::part_of;
import constants::{WIDTH, QUADS, TILES};

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
  slots_per_row: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;

// Rows of a that are read at once, by neighbouring invocations one each.
@if(subgroups) const STEP = 4u;
@if(!subgroups) const STEP = 1u;

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  @if(!subgroups) const lane = 0u;
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
  for (var first = range.x; first < range.y; first += STEP) {
    let own_row = min(first + lane % STEP, range.y - 1u);
    let a_at = (params.a_offset + own_row * params.a_stride) / 4u + first_quad;
    var own: array<vec4f, QUADS>;
    for (var q = 0u; q < QUADS; q++) {
      own[q] = a[a_at + q];
      // Rows past the last count as zeros: they change no sum.
      @if(subgroups) own[q] *= f32(first + lane % STEP < range.y);
    }
    for (var s = 0u; s < STEP; s++) {
      var row = min(first + s, range.y - 1u);
      @if(gather) { row = row_of[row] / params.slots_per_row; }
      let b_at = row * (params.b_stride / 4u);
      var x: array<vec4f, TILES>;
      for (var t = 0u; t < TILES; t++) { x[t] = b[b_at + column[t]]; }
      for (var q = 0u; q < QUADS; q++) {
        @if(subgroups) let g = subgroupBroadcast(own[q], s);
        @if(!subgroups) let g = own[q];
        for (var i = 0u; i < 4u; i++) {
          for (var t = 0u; t < TILES; t++) {
            sum[(q * 4u + i) * TILES + t] = fma(x[t], vec4f(g[i]), sum[(q * 4u + i) * TILES + t]);
          }
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
