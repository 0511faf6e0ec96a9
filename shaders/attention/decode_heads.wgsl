// What grouped-query attention needs of one new token a row: its queries, normed, turned and scaled, and its keys, normed and
// turned, and values in the cache. An invocation has `together` numbers of a head; query heads come first, then those
// of keys, then of values.
// q, k, v: rows of q_stride and kv_stride floats, from q_offset, k_offset and v_offset on   pool: the parameters
// table: (positions, rope/2) of (cos, sin)   cache: rows of [k (KV, width) | v (KV, width)]   query: (B, H, width)
// Of a head the first `rope` numbers turn: pairs are (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+rope/2}).
// normed: RMS norms of queries and keys, over a head or, `whole`, over all heads of a row.
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
@if(normed) import package::lib::vectors::Weight;

struct Params {
  rows: u32,
  heads: u32,
  kv_heads: u32,
  width: u32,
  rope: u32,
  q_stride: u32,
  q_offset: u32,
  kv_stride: u32,
  k_offset: u32,
  v_offset: u32,
  together: u32,
  // In the pool, where there are norms: (width) each, or a row's.
  q_norm_at: u32,
  k_norm_at: u32,
  epsilon: f32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> q: array<f32>;
@group(0) @binding(3) var<storage, read> kv: array<f32>;
@group(0) @binding(4) var<storage, read> table: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> cache: array<f32>;
@group(0) @binding(6) var<storage, read_write> query: array<f32>;
@if(normed) @group(0) @binding(7) var<storage, read> pool: array<Weight>;

// A head as projected.
struct Head {
  is_query: bool,
  at: u32,
  // Of its norm: where its weights start, and 1/rms.
  weight_at: u32,
  inverse_rms: f32,
}

fn projected(is_query: bool, at: u32) -> f32 {
  if (is_query) { return q[at]; }
  return kv[at];
}

fn inverse_rms(is_query: bool, at: u32, width: u32) -> f32 {
  var squares = 0.0;
  for (var c = 0u; c < width; c++) {
    let x = projected(is_query, at + c);
    squares += x * x;
  }
  return 1.0 / sqrt(squares / f32(width) + params.epsilon);
}

fn normed(head: Head, c: u32) -> f32 {
  let x = projected(head.is_query, head.at + c);
  @if(normed) return f32(pool[head.weight_at + c]) * (x * head.inverse_rms);
  @if(!normed) return x;
}

fn turned(head: Head, c: u32, position: u32) -> f32 {
  let own = normed(head, c);
  if (c >= params.rope) { return own; }
  let pairs = params.rope / 2u;
  @if(interleaved) let pair = c / 2u;
  @if(interleaved) let is_second = c % 2u == 1u;
  @if(interleaved) let partner = c ^ 1u;
  @if(!interleaved) let pair = c % pairs;
  @if(!interleaved) let is_second = c >= pairs;
  @if(!interleaved) let partner = select(c + pairs, c - pairs, is_second);
  let turn = table[position * pairs + pair];
  return own * turn.x + normed(head, partner) * select(-turn.y, turn.y, is_second);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let parts = (params.width + params.together - 1u) / params.together;
  let all = params.heads + 2u * params.kv_heads;
  let row = i / parts / all;
  if (row >= params.rows) { return; }
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let number = i / parts % all;
  let first = i % parts * params.together;
  let end = min(first + params.together, params.width);
  let position = place.prompt_length + place.own_length;
  let cache_at = (place.own_first + place.own_length) * 2u * params.kv_heads * params.width;
  if (number >= params.heads + params.kv_heads) {
    let index = number - params.heads - params.kv_heads;
    let from_at = row * params.kv_stride + params.v_offset + index * params.width;
    let to = cache_at + (params.kv_heads + index) * params.width;
    for (var c = first; c < end; c++) { cache[to + c] = kv[from_at + c]; }
    return;
  }
  let is_query = number < params.heads;
  let index = select(number - params.heads, number, is_query);
  let row_at = select(row * params.kv_stride + params.k_offset, row * params.q_stride + params.q_offset, is_query);
  var head = Head(is_query, row_at + index * params.width, 0u, 1.0);
  @if(normed) { head.weight_at = select(params.k_norm_at, params.q_norm_at, is_query); }
  @if(normed && !whole) { head.inverse_rms = inverse_rms(is_query, head.at, params.width); }
  @if(normed && whole) {
    head.weight_at += index * params.width;
    head.inverse_rms = inverse_rms(is_query, row_at, select(params.kv_heads, params.heads, is_query) * params.width);
  }
  for (var c = first; c < end; c++) {
    let value = turned(head, c, position);
    if (is_query) {
      query[(row * params.heads + index) * params.width + c] = value * params.scale;
    } else {
      cache[cache_at + index * params.width + c] = value;
    }
  }
}
