// The part of matmul_tiled.wgsl that finds what a tile is made of: whose rows it has, and four numbers of an operand.
import package::matmul_tiled::{a, b, params, ROWS_OF_TILE};
@if(grouped && !a_turned) import package::matmul_tiled::offsets;
@if(gather) import package::matmul_tiled::row_of;
@if(gather) import constants::SLOTS_PER_ROW;

const INVALID = 0xffffffffu;

// Tiles are numbered so that each segment's are its own, and no table is needed to tell whose a tile is: those of
// segment s begin with this number. It is beyond the last one of the segment before: n rows need at most one tile more
// than they have whole ones.
@if(grouped && !a_turned) fn first_tile_of(segment: u32) -> u32 { return offsets[segment] / ROWS_OF_TILE + segment; }

// The segment whose tile this is, if it is any's.
@if(grouped && !a_turned) fn segment_of(tile: u32) -> u32 {
  var segment = 0u;
  var end = params.segments;
  while (end - segment > 1u) {
    let middle = (segment + end) / 2u;
    if (first_tile_of(middle) <= tile) { segment = middle; } else { end = middle; }
  }
  return segment;
}

// Start of row n of a, in vec4; INVALID for a row of zeros and beyond the end.
@if(!a_turned) fn a_row(n: u32, end: u32) -> u32 {
  if (n >= end) { return INVALID; }
  var row = n;
  @if(gather) {
    let slot = row_of[n];
    if (slot == INVALID) { return INVALID; }
    row = slot / SLOTS_PER_ROW;
  }
  return (params.a_offset + row * params.a_stride) / 4u;
}

// Beyond the edges a is −0 and b is 0: their product changes no sum, not even one that is −0.
@if(a_turned) fn a_quad(line: u32, k: u32, end: u32) -> vec4f {
  if (line >= params.rows || k >= end) { return vec4f(-0.0); }
  return a[(params.a_offset + k * params.a_stride + line) / 4u];
}
@if(!a_turned) fn a_quad(start: u32, k: u32, end: u32) -> vec4f {
  if (start == INVALID || k >= end) { return vec4f(-0.0); }
  return a[start + k / 4u];
}

fn b_quad(first: u32, line: u32, k: u32, end: u32) -> vec4f {
  if (line >= params.columns || k >= end) { return vec4f(0.0); }
  var row = k;
  @if(gather && a_turned) { row = row_of[k] / SLOTS_PER_ROW; }
  @if(b_turned) return vec4f(b[(first + line * params.b_stride + row) / 4u]);
  @if(!b_turned) return vec4f(b[(first + row * params.b_stride + line) / 4u]);
}
