// Attention of one new token a row over the latent cache, a fourth of the keys of one head of one row an invocation:
// score_j = query·key_j,  sums = Σ_j exp(score_j − largest) c_j,  key_j = [c_j | k_rope_j]. decode_value.wgsl puts the fourths together.
// Keys are the prompt's, shared by all rollouts of a group, then the rollout's own, the new one last.
// query: (B, H, RANK+ROPE)   cache: rows of RANK+ROPE   sums: (B, H, 4, RANK)   largest, total: (B, H, 4)
// RANK and ROPE count Lanes.
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, lane_sum};
import constants::{ROPE, RANK};

struct Params {
  rows: u32,
  heads: u32,
}

const WIDTH = RANK + ROPE;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> query: array<Lane>;
@group(0) @binding(3) var<storage, read> cache: array<Lane>;
@group(0) @binding(4) var<storage, read_write> sums: array<Lane>;
@group(0) @binding(5) var<storage, read_write> largests: array<f32>;
@group(0) @binding(6) var<storage, read_write> totals: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let head = i / 4u;
  let row = head / params.heads;
  if (row >= params.rows) { return; }
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  var q: array<Lane, WIDTH>;
  var sum: array<Lane, RANK>;
  for (var r = 0u; r < WIDTH; r++) { q[r] = query[head * WIDTH + r]; }
  var largest = -3.0e38;
  var total = 0.0;
  for (var j = i % 4u; j <= place.prompt_length + place.own_length; j += 4u) {
    let cached = select(place.own_first + j - place.prompt_length, place.prompt_first + j, j < place.prompt_length);
    var key: array<Lane, WIDTH>;
    for (var r = 0u; r < WIDTH; r++) { key[r] = cache[cached * WIDTH + r]; }
    var parts = Lane();
    for (var r = 0u; r < WIDTH; r++) { parts += q[r] * key[r]; }
    let score = lane_sum(parts);
    // One exponential a key: either the sum so far shrinks to a new largest score, or the key's weight is below it.
    let ratio = exp(-abs(score - largest));
    let is_largest = score > largest;
    let shrink = select(1.0, ratio, is_largest);
    let weight = select(ratio, 1.0, is_largest);
    largest = max(largest, score);
    total = total * shrink + weight;
    for (var r = 0u; r < RANK; r++) { sum[r] = sum[r] * shrink + weight * key[r]; }
  }
  for (var r = 0u; r < RANK; r++) { sums[i * RANK + r] = sum[r]; }
  largests[i] = largest;
  totals[i] = total;
}
