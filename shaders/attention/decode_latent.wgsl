// What attention of one new token a row needs: its key, kept in the cache, and its queries as the latents see them.
// key = [norm(c) | turned k_rope];  query = [W_kᵀ·q_nope | turned q_rope]·scale. An invocation has a Vector of
// W_kᵀ·q_nope for TILE rows, or `together` Vectors of the rest of a row; those with the same to do are neighbours. RoPE
// turns pairs of the rotary part, (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+half}).
// q: (B, H, nope+rope) in rows of q_stride   kv: (B, rank+rope) in rows of kv_stride, from kv_offset on   pool: the parameters
// table: (positions, rope/2) of (cos, sin)   cache: rows of rank+rope   query: (B, H, rank+rope)
// nope … kv_offset count Vectors.
// Widths are no constants, so that loops stay loops: what a driver writes out, it compiles for seconds, and a software
// device does for the invocations of every branch.
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, VECTOR_SIZE, vector_sum, component, WeightVector};
import constants::TILE;

struct Params {
  rows: u32,
  heads: u32,
  nope: u32,
  rope: u32,
  value: u32,
  rank: u32,
  q_stride: u32,
  kv_stride: u32,
  kv_offset: u32,
  together: u32,
  // In the pool: kv_a_layernorm (rank) and kv_b_proj (H, nope+value, rank).
  norm_at: u32,
  w_at: u32,
  epsilon: f32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> q: array<Vector>;
@group(0) @binding(3) var<storage, read> kv: array<Vector>;
@group(0) @binding(4) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(5) var<storage, read> table: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> cache: array<Vector>;
@group(0) @binding(7) var<storage, read_write> query: array<Vector>;

// The Vector with the partners of Vector r of a rotary part.
fn partner(r: u32) -> u32 {
  @if(interleaved && vec4) return r;
  @if(interleaved && !vec4) return r ^ 1u;
  @if(!interleaved) return select(r + params.rope / 2u, r - params.rope / 2u, r >= params.rope / 2u);
}

// Vector r of a rotary part, turned with the Vector that has its partners.
fn turned(own: Vector, partners: Vector, r: u32, position: u32) -> Vector {
  let first = position * (params.rope * VECTOR_SIZE / 2u);
  @if(interleaved && vec4) {
    let a = table[first + 2u * r];
    let b = table[first + 2u * r + 1u];
    return own * vec4f(a.xx, b.xx) + partners.yxwz * vec4f(-a.y, a.y, -b.y, b.y);
  }
  @if(interleaved && !vec4) {
    let turn = table[first + r / 2u];
    return own * turn.x + partners * select(-turn.y, turn.y, r % 2u == 1u);
  }
  @if(!interleaved) {
    let is_second = r >= params.rope / 2u;
    let sign = select(-1.0, 1.0, is_second);
    let at = first + select(r, r - params.rope / 2u, is_second) * VECTOR_SIZE;
    let a = table[at];
    @if(!vec4) return own * a.x + partners * (a.y * sign);
    @if(vec4) {
      let b = table[at + 1u];
      let c = table[at + 2u];
      let d = table[at + 3u];
      return own * vec4f(a.x, b.x, c.x, d.x) + partners * (vec4f(a.y, b.y, c.y, d.y) * sign);
    }
  }
}

fn cache_row(place: Row) -> u32 {
  return (place.own_first + place.own_length) * (params.rank + params.rope);
}

// Vectors `first` and `together - 1` more of the norm of a row's latent.
fn norm_latent(row: u32, first: u32) {
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let at = row * params.kv_stride + params.kv_offset;
  var squares = Vector();
  for (var c = 0u; c < params.rank; c++) { squares += kv[at + c] * kv[at + c]; }
  let scale = 1.0 / sqrt(vector_sum(squares) / f32(params.rank * VECTOR_SIZE) + params.epsilon);
  let to = cache_row(place);
  for (var r = first; r < min(first + params.together, params.rank); r++) {
    cache[to + r] = Vector(pool[params.norm_at / VECTOR_SIZE + r]) * (kv[at + r] * scale);
  }
}

// The same of the rotary part of a head's query; behind the heads comes the key.
fn turn(row: u32, head: u32, first: u32) {
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let position = place.prompt_length + place.own_length;
  let at = row * params.q_stride + head * (params.nope + params.rope) + params.nope;
  let to = (row * params.heads + head) * (params.rank + params.rope) + params.rank;
  let key_at = row * params.kv_stride + params.kv_offset + params.rank;
  let key_to = cache_row(place) + params.rank;
  for (var r = first; r < min(first + params.together, params.rope); r++) {
    if (head == params.heads) {
      cache[key_to + r] = turned(kv[key_at + r], kv[key_at + partner(r)], r, position);
    } else {
      query[to + r] = turned(q[at + r], q[at + partner(r)], r, position) * params.scale;
    }
  }
}

// Vector i % rank of the rest of a head's query, for TILE rows.
fn absorb(i: u32) {
  let r = i % params.rank;
  let head = i / params.rank % params.heads;
  let first_row = i / params.rank / params.heads * TILE;
  // Rows of a rollout come first.
  if (places[first_row].own_first == INVALID) { return; }
  let w = params.w_at / VECTOR_SIZE + head * (params.nope + params.value) * VECTOR_SIZE * params.rank + r;
  var at: array<u32, TILE>;
  for (var t = 0u; t < TILE; t++) {
    at[t] = min(first_row + t, params.rows - 1u) * params.q_stride + head * (params.nope + params.rope);
  }
  var sum: array<Vector, TILE>;
  for (var c = 0u; c < params.nope; c++) {
    var x: array<Vector, TILE>;
    for (var t = 0u; t < TILE; t++) { x[t] = q[at[t] + c]; }
    for (var lane = 0u; lane < VECTOR_SIZE; lane++) {
      let weight = Vector(pool[w + (c * VECTOR_SIZE + lane) * params.rank]);
      for (var t = 0u; t < TILE; t++) { sum[t] = fma(Vector(component(x[t], lane)), weight, sum[t]); }
    }
  }
  for (var t = 0u; t < TILE; t++) {
    let row = first_row + t;
    if (row < params.rows) { query[(row * params.heads + head) * (params.rank + params.rope) + r] = sum[t] * params.scale; }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var i = flat_index(id, groups);
  let absorbed = (params.rows + TILE - 1u) / TILE * params.heads * params.rank;
  if (i < absorbed) {
    absorb(i);
    return;
  }
  i -= absorbed;
  let rope_parts = (params.rope + params.together - 1u) / params.together;
  let rank_parts = (params.rank + params.together - 1u) / params.together;
  let rotary = params.rows * (params.heads + 1u) * rope_parts;
  if (i < rotary) {
    let head = i / rope_parts;
    turn(head / (params.heads + 1u), head % (params.heads + 1u), i % rope_parts * params.together);
  } else if (i - rotary < params.rows * rank_parts) {
    norm_latent((i - rotary) / rank_parts, (i - rotary) % rank_parts * params.together);
  }
}
