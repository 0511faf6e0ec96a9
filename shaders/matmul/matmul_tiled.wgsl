// y = a · b by tiles that a workgroup holds in its own memory: SIDE × SIDE invocations with 4 · QUADS rows by four columns of y
// each, K in steps of 16. For devices whose memory is far away; the other kernels of products read each operand where it lies.
// a: (N, K)   b: (K, M)   y: (N, M); all widths, strides and offsets are multiples of 4.
// b_turned: b is (M, K).
// grouped: rows offsets[s] to offsets[s] + counts[s], with the padding behind them, use the b of segment s, b:
// (segments, …); other
// rows of y are left alone.   gather: row n of a is row row_of[n] / SLOTS_PER_ROW; INVALID rows count as zero.
// a_turned: a is (K, N), and K may be any number. It is summed in parts, y: (parts, N, M).   grouped: and in segments, rows
// offsets[s] to offsets[s] + counts[s] of a and b, y: (parts, segments, N, M).   gather: so it is with row k of b, never INVALID.
// plus: addend, laid out as y, is added at the end.   grow: the product is added to y.
import package::lib::segment::part_of;
import package::lib::weights::WeightQuad;
import package::lib::tile_operands::{a_quad, b_quad};
@if(!a_turned) import package::lib::tile_operands::a_row;
@if(grouped && !a_turned) import package::lib::tile_operands::{first_tile_of, segment_of};
import constants::{SIDE, QUADS};

struct Params {
  rows: u32,            // N
  columns: u32,         // M
  depth: u32,           // K
  a_stride: u32,
  a_offset: u32,
  b_stride: u32,
  b_offset: u32,
  y_stride: u32,
  y_offset: u32,
  segments: u32,
  parts: u32,
  padding: u32,         // a segment of rows of y ends at a multiple of this
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<WeightQuad>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;
@if(grouped) @group(0) @binding(4) var<storage, read> offsets: array<u32>;
@if(grouped) @group(0) @binding(5) var<storage, read> counts: array<u32>;
@if(gather) @group(0) @binding(6) var<storage, read> row_of: array<u32>;
@if(plus) @group(0) @binding(7) var<storage, read> addend: array<vec4f>;

const STEP = 16u;
const INVOCATIONS = SIDE * SIDE;
const QUADS_A = SIDE * QUADS;
const ROWS_OF_TILE = QUADS_A * 4u;
// One more than the tile is wide, so that neighbours lie in different banks.
const PITCH_A = QUADS_A + 1u;
const PITCH_B = SIDE + 1u;

// Row 4k + i of a tile has, for each of its quads q, either four numbers of line 4q + i from K = 4k on, where the operand's lines
// are contiguous, or numbers 4q … 4q + 3 of its row K = 4k + i.
var<workgroup> tile_a: array<vec4f, STEP * PITCH_A>;
var<workgroup> tile_b: array<vec4f, STEP * PITCH_B>;

@compute @workgroup_size(SIDE, SIDE)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let first_column = group.x * SIDE * 4u;
  let part = group.z % params.parts;
  let segment = group.z / params.parts;
  @if(grouped && a_turned) let range = part_of(offsets[segment], counts[segment], part, params.parts);
  @if(!grouped || !a_turned) let range = part_of(0u, params.depth, part, params.parts);
  var first_row = group.y * ROWS_OF_TILE;
  var end_row = params.rows;
  var b_first = params.b_offset;
  @if(grouped && !a_turned) {
    let owner = segment_of(group.y);
    first_row = offsets[owner] + (group.y - first_tile_of(owner)) * ROWS_OF_TILE;
    end_row = offsets[owner] + (counts[owner] + params.padding - 1u) / params.padding * params.padding;
    if (first_row >= end_row) { return; }
    b_first += owner * params.columns * params.depth;
  }
  // Looked up once: a row that is gathered is read in every step.
  @if(!a_turned) var a_at: array<u32, STEP * QUADS / SIDE>;
  @if(!a_turned) for (var i = 0u; i < STEP * QUADS / SIDE; i++) {
    a_at[i] = a_row(first_row + (index + i * INVOCATIONS) / 4u, end_row);
  }
  var sum: array<vec4f, QUADS * 4>;
  for (var first = range.x; first < range.y; first += STEP) {
    for (var i = 0u; i < STEP * QUADS / SIDE; i++) {
      let at = index + i * INVOCATIONS;
      @if(a_turned) {
        let k = at / QUADS_A;
        let q = at % QUADS_A;
        tile_a[k * PITCH_A + q] = a_quad(first_row + 4u * q, first + k, range.y);
      }
      @if(!a_turned) {
        let line = at / 4u;
        let k = 4u * (at % 4u);
        tile_a[(k + line % 4u) * PITCH_A + line / 4u] = a_quad(a_at[i], first + k, range.y);
      }
    }
    for (var i = index; i < SIDE * STEP; i += INVOCATIONS) {
      @if(!b_turned) {
        let k = i / SIDE;
        let q = i % SIDE;
        tile_b[k * PITCH_B + q] = b_quad(b_first, first_column + 4u * q, first + k, range.y);
      }
      @if(b_turned) {
        let line = i / 4u;
        let k = 4u * (i % 4u);
        tile_b[(k + line % 4u) * PITCH_B + line / 4u] = b_quad(b_first, first_column + line, first + k, range.y);
      }
    }
    workgroupBarrier();
    for (var k = 0u; k < STEP; k += 4u) {
      let at = k * PITCH_B + local.x;
      var m = mat4x4f(tile_b[at], tile_b[at + PITCH_B], tile_b[at + 2u * PITCH_B], tile_b[at + 3u * PITCH_B]);
      @if(b_turned) { m = transpose(m); }
      for (var q = 0u; q < QUADS; q++) {
        let at = k * PITCH_A + local.y + q * SIDE;
        var x = mat4x4f(tile_a[at], tile_a[at + PITCH_A], tile_a[at + 2u * PITCH_A], tile_a[at + 3u * PITCH_A]);
        @if(!a_turned) { x = transpose(x); }
        for (var i = 0u; i < 4u; i++) {
          for (var r = 0u; r < 4u; r++) { sum[q * 4u + r] = fma(m[i], vec4f(x[i][r]), sum[q * 4u + r]); }
        }
      }
    }
    workgroupBarrier();
  }
  let y_first = params.y_offset + (part * params.segments + segment) * params.rows * params.y_stride;
  let column = first_column + 4u * local.x;
  for (var r = 0u; r < QUADS * 4u; r++) {
    let row = first_row + 4u * (local.y + r / 4u * SIDE) + r % 4u;
    if (row < end_row && column < params.columns) {
      let at = (y_first + row * params.y_stride + column) / 4u;
      @if(plus) y[at] = addend[at] + sum[r];
      @if(grow) y[at] += sum[r];
      @if(!plus && !grow) y[at] = sum[r];
    }
  }
}
