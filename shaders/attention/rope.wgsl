// Rotary position embedding on `rope` numbers of each head, from `rope_at` on; the rest of the head is copied.
// Pair i turns by angle table[position, i]: pairs are (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+rope/2}).
// The gradient is the same turn backwards: sign = −1.
// x: N rows of x_stride, heads side by side from x_offset   y: the same with y_stride, y_offset
// table: (positions, rope/2) of (cos, sin)   positions: (N)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  heads: u32,
  head_width: u32,
  rope: u32,
  rope_at: u32,
  x_stride: u32,
  x_offset: u32,
  y_stride: u32,
  y_offset: u32,
  interleaved: u32,
  sign: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> table: array<vec2f>;
@group(0) @binding(3) var<storage, read> positions: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let row = i / params.heads;
  if (row >= params.rows) { return; }
  let head = (i % params.heads) * params.head_width;
  let base = row * params.x_stride + params.x_offset + head;
  let to = row * params.y_stride + params.y_offset + head;
  for (var c = 0u; c < params.rope_at; c++) { y[to + c] = x[base + c]; }
  for (var c = params.rope_at + params.rope; c < params.head_width; c++) { y[to + c] = x[base + c]; }
  let half = params.rope / 2u;
  for (var pair = 0u; pair < half; pair++) {
    let first = params.rope_at + select(pair, 2u * pair, params.interleaved == 1u);
    let second = select(first + half, first + 1u, params.interleaved == 1u);
    let turn = table[positions[row] * half + pair];
    let u = x[base + first];
    let v = x[base + second];
    y[to + first] = u * turn.x - v * turn.y * params.sign;
    y[to + second] = v * turn.x + u * turn.y * params.sign;
  }
}
