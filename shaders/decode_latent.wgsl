// What attention of one new token a row needs: its key, kept in the cache, and its queries as the latents see them.
// key = [norm(c) | turned k_rope];  query = [W_kᵀ·q_nope | turned q_rope]·scale. An invocation has one Lane of the key or of a head's
// query, or that of W_kᵀ·q_nope for TILE rows; those with the same to do are neighbours. RoPE turns pairs of the rotary part, (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+half}).
// q: (B, H, NOPE+ROPE) in rows of Q_STRIDE   kv: (B, RANK+ROPE) in rows of KV_STRIDE, from KV_OFFSET on   pool: the parameters
// table: (positions, ROPE/2) of (cos, sin)   cache: rows of RANK+ROPE   query: (B, H, RANK+ROPE)     NOPE … KV_OFFSET count Lanes.
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, lane_sum, component, WeightLane};
import constants::{NOPE, ROPE, VALUE, RANK, Q_STRIDE, KV_STRIDE, KV_OFFSET, TILE};

struct Params {
  rows: u32,
  heads: u32,
  // In the pool: kv_a_layernorm (RANK) and kv_b_proj (H, NOPE+VALUE, RANK).
  norm_at: u32,
  w_at: u32,
  interleaved: u32,
  epsilon: f32,
  scale: f32,
}

const WIDTH = RANK + ROPE;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> q: array<Lane>;
@group(0) @binding(3) var<storage, read> kv: array<Lane>;
@group(0) @binding(4) var<storage, read> pool: array<WeightLane>;
@group(0) @binding(5) var<storage, read> table: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> cache: array<Lane>;
@group(0) @binding(7) var<storage, read_write> query: array<Lane>;

// Number c of the rotary part that starts at kv[at], or at q[at].
fn rotary(of_key: bool, at: u32, c: u32) -> f32 {
  if (of_key) { return component(kv[at + c / LANES], c % LANES); }
  return component(q[at + c / LANES], c % LANES);
}

// It, turned.
fn turned(of_key: bool, at: u32, c: u32, position: u32) -> f32 {
  const half = ROPE * LANES / 2u;
  let interleaved = params.interleaved == 1u;
  let is_second = select(c >= half, c % 2u == 1u, interleaved);
  let distance = select(half, 1u, interleaved);
  let partner = select(c + distance, c - distance, is_second);
  let turn = table[position * half + select(c % half, c / 2u, interleaved)];
  return rotary(of_key, at, c) * turn.x + rotary(of_key, at, partner) * select(-turn.y, turn.y, is_second);
}

// Lane r of it.
fn turned_lane(of_key: bool, at: u32, r: u32, position: u32) -> Lane {
  let c = r * LANES;
  @if(vec4) return vec4f(
    turned(of_key, at, c, position), turned(of_key, at, c + 1u, position),
    turned(of_key, at, c + 2u, position), turned(of_key, at, c + 3u, position));
  @if(!vec4) return turned(of_key, at, c, position);
}

fn cache_row(place: Row) -> u32 {
  return (place.own_first + place.own_length) * WIDTH;
}

// Lane i % RANK of the key of row i / RANK.
fn norm_latent(i: u32) {
  let row = i / RANK;
  let r = i % RANK;
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let at = row * KV_STRIDE + KV_OFFSET;
  var squares = Lane();
  for (var c = 0u; c < RANK; c++) { squares += kv[at + c] * kv[at + c]; }
  let scale = 1.0 / sqrt(lane_sum(squares) / f32(RANK * LANES) + params.epsilon);
  cache[cache_row(place) + r] = Lane(pool[params.norm_at / LANES + r]) * (kv[at + r] * scale);
}

// Lane i % ROPE of the rotary part of a row's query, head after head, then of its key.
fn turn(i: u32) {
  let r = i % ROPE;
  let head = i / ROPE % (params.heads + 1u);
  let row = i / ROPE / (params.heads + 1u);
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let position = place.prompt_length + place.own_length;
  if (head == params.heads) {
    cache[cache_row(place) + RANK + r] = turned_lane(true, row * KV_STRIDE + KV_OFFSET + RANK, r, position);
  } else {
    let at = row * Q_STRIDE + head * (NOPE + ROPE) + NOPE;
    query[(row * params.heads + head) * WIDTH + RANK + r] = turned_lane(false, at, r, position) * params.scale;
  }
}

// Lane i % RANK of the rest of a head's query, for TILE rows.
fn absorb(i: u32) {
  let r = i % RANK;
  let head = i / RANK % params.heads;
  let first_row = i / RANK / params.heads * TILE;
  // Rows of a rollout come first.
  if (places[first_row].own_first == INVALID) { return; }
  let w = params.w_at / LANES + head * (NOPE + VALUE) * LANES * RANK + r;
  var at: array<u32, TILE>;
  for (var t = 0u; t < TILE; t++) { at[t] = min(first_row + t, params.rows - 1u) * Q_STRIDE + head * (NOPE + ROPE); }
  var sum: array<Lane, TILE>;
  for (var c = 0u; c < NOPE; c++) {
    var x: array<Lane, TILE>;
    for (var t = 0u; t < TILE; t++) { x[t] = q[at[t] + c]; }
    for (var lane = 0u; lane < LANES; lane++) {
      let weight = Lane(pool[w + (c * LANES + lane) * RANK]);
      for (var t = 0u; t < TILE; t++) { sum[t] = fma(Lane(component(x[t], lane)), weight, sum[t]); }
    }
  }
  for (var t = 0u; t < TILE; t++) {
    let row = first_row + t;
    if (row < params.rows) { query[(row * params.heads + head) * WIDTH + r] = sum[t] * params.scale; }
  }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var i = flat_index(id, groups);
  let absorbed = (params.rows + TILE - 1u) / TILE * params.heads * RANK;
  if (i < absorbed) {
    absorb(i);
    return;
  }
  i -= absorbed;
  let turned = params.rows * (params.heads + 1u) * ROPE;
  if (i < turned) {
    turn(i);
  } else if (i - turned < params.rows * RANK) {
    norm_latent(i - turned);
  }
}
