// MLA for one new token a row, from the latent cache with the up-projections absorbed; one head of one row an invocation.
// qa = W_kᵀ·q_nope;  score_j = (qa·c_j + q_rope·k_rope_j)·scale;  y = W_v·Σ_j softmax(score)_j c_j
// Keys are the prompt's, shared by all rollouts of a group, then the rollout's own.
// q: (B, H, NOPE+ROPE), turned   w: (H, NOPE+VALUE, RANK)   caches: rows of RANK+ROPE   y: (B, H, VALUE)
// NOPE, ROPE, VALUE and RANK count Lanes.
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, lane_sum, component};
import constants::{NOPE, ROPE, VALUE, RANK};
import package::lib::rollout::Rollout;

struct Params {
  rows: u32,
  heads: u32,
  max_new_tokens: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> live: array<u32>;
@group(0) @binding(2) var<storage, read> rollouts: array<Rollout>;
@group(0) @binding(3) var<storage, read> q: array<Lane>;
@group(0) @binding(4) var<storage, read> w: array<Lane>;
@group(0) @binding(5) var<storage, read> prompt_cache: array<Lane>;
@group(0) @binding(6) var<storage, read> own_cache: array<Lane>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.heads) { return; }
  let index = live[i / params.heads];
  let rollout = rollouts[index];
  let head_w = (i % params.heads) * (NOPE + VALUE) * LANES * RANK;
  let q_at = i * (NOPE + ROPE);
  var query: array<Lane, RANK + ROPE>;
  var sum: array<Lane, RANK>;
  for (var r = 0u; r < RANK; r++) {
    query[r] = Lane();
    sum[r] = Lane();
  }
  for (var c = 0u; c < NOPE * LANES; c++) {
    let x = component(q[q_at + c / LANES], c % LANES) * params.scale;
    for (var r = 0u; r < RANK; r++) { query[r] += x * w[head_w + c * RANK + r]; }
  }
  for (var c = 0u; c < ROPE; c++) { query[RANK + c] = q[q_at + NOPE + c] * params.scale; }
  let own_length = min(rollout.length, params.max_new_tokens - 1u) + 1u;
  var largest = -3.0e38;
  var total = 0.0;
  for (var j = 0u; j < rollout.prompt_length + own_length; j++) {
    var key: array<Lane, RANK + ROPE>;
    if (j < rollout.prompt_length) {
      let at = (rollout.prompt_first + j) * (RANK + ROPE);
      for (var r = 0u; r < RANK + ROPE; r++) { key[r] = prompt_cache[at + r]; }
    } else {
      let at = (index * params.max_new_tokens + j - rollout.prompt_length) * (RANK + ROPE);
      for (var r = 0u; r < RANK + ROPE; r++) { key[r] = own_cache[at + r]; }
    }
    var parts = Lane();
    for (var r = 0u; r < RANK + ROPE; r++) { parts += query[r] * key[r]; }
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
  for (var v = 0u; v < VALUE * LANES; v++) {
    var parts = Lane();
    for (var r = 0u; r < RANK; r++) { parts += sum[r] * w[head_w + (NOPE * LANES + v) * RANK + r]; }
    y[i * VALUE * LANES + v] = lane_sum(parts) / total;
  }
}
