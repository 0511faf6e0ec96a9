// What attention of one new token a row needs: its key, kept in the cache, and its queries as the latents see them.
// key = [norm(c) | turned k_rope];  query = [W_kᵀ·q_nope | turned q_rope]·scale. One Lane of the key, or of a head's query, an
// invocation; RoPE turns pairs of the rotary part, (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+half}).
// q: (B, H, NOPE+ROPE) in rows of Q_STRIDE   kv: (B, RANK+ROPE) in rows of KV_STRIDE, from KV_OFFSET on   pool: the parameters
// table: (positions, ROPE/2) of (cos, sin)   cache: rows of RANK+ROPE   query: (B, H, RANK+ROPE)     NOPE … KV_OFFSET count Lanes.
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, lane_sum, component, WeightLane};
import constants::{NOPE, ROPE, VALUE, RANK, Q_STRIDE, KV_STRIDE, KV_OFFSET};

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

fn normed_latent(at: u32, r: u32) -> Lane {
  var squares = Lane();
  for (var c = 0u; c < RANK; c++) { squares += kv[at + c] * kv[at + c]; }
  let scale = 1.0 / sqrt(lane_sum(squares) / f32(RANK * LANES) + params.epsilon);
  return Lane(pool[params.norm_at / LANES + r]) * (kv[at + r] * scale);
}

fn absorbed(head: u32, at: u32, r: u32) -> Lane {
  let w = params.w_at / LANES + head * (NOPE + VALUE) * LANES * RANK + r;
  var sum = Lane();
  for (var c = 0u; c < NOPE; c++) {
    let x = q[at + c];
    for (var i = 0u; i < LANES; i++) { sum += component(x, i) * Lane(pool[w + (c * LANES + i) * RANK]); }
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let r = i % WIDTH;
  // The key comes after the queries.
  let head = i / WIDTH % (params.heads + 1u);
  let row = i / WIDTH / (params.heads + 1u);
  if (row >= params.rows) { return; }
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let position = place.prompt_length + place.own_length;
  if (head == params.heads) {
    let at = row * KV_STRIDE + KV_OFFSET;
    var key = Lane();
    if (r < RANK) { key = normed_latent(at, r); } else { key = turned_lane(true, at + RANK, r - RANK, position); }
    cache[(place.own_first + place.own_length) * WIDTH + r] = key;
  } else {
    let at = row * Q_STRIDE + head * (NOPE + ROPE);
    var value = Lane();
    if (r < RANK) { value = absorbed(head, at, r); } else { value = turned_lane(false, at + NOPE, r - RANK, position); }
    query[(row * params.heads + head) * WIDTH + r] = value * params.scale;
  }
}
