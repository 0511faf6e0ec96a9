// MLA for one new token a row, from the latent cache with the up-projections absorbed; one head of one row an invocation.
// qa = W_kᵀ·q_nope;  score_j = (qa·c_j + q_rope·k_rope_j)·scale;  y = W_v·Σ_j softmax(score)_j c_j
// Keys are the prompt's, shared by all rollouts of a group, then the rollout's own.
// q: (B, H, NOPE+ROPE), turned   w: (H, NOPE+VALUE, RANK)   caches: rows of RANK+ROPE   y: (B, H, VALUE)
import package::lib::index::flat_index;
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
@group(0) @binding(3) var<storage, read> q: array<f32>;
@group(0) @binding(4) var<storage, read> w: array<f32>;
@group(0) @binding(5) var<storage, read> prompt_cache: array<f32>;
@group(0) @binding(6) var<storage, read> own_cache: array<f32>;
@group(0) @binding(7) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.heads) { return; }
  let index = live[i / params.heads];
  let rollout = rollouts[index];
  let head_w = (i % params.heads) * (NOPE + VALUE) * RANK;
  let q_at = i * (NOPE + ROPE);
  var qa: array<f32, RANK>;
  var sum: array<f32, RANK>;
  for (var r = 0u; r < RANK; r++) {
    var dot = 0.0;
    for (var c = 0u; c < NOPE; c++) { dot += q[q_at + c] * w[head_w + c * RANK + r]; }
    qa[r] = dot * params.scale;
    sum[r] = 0.0;
  }
  var q_rope: array<f32, ROPE>;
  for (var c = 0u; c < ROPE; c++) { q_rope[c] = q[q_at + NOPE + c] * params.scale; }
  let own_length = min(rollout.length, params.max_new_tokens - 1u) + 1u;
  var largest = -3.0e38;
  var total = 0.0;
  for (var j = 0u; j < rollout.prompt_length + own_length; j++) {
    let is_own = j >= rollout.prompt_length;
    let row = select(rollout.prompt_first + j, index * params.max_new_tokens + j - rollout.prompt_length, is_own);
    let at = row * (RANK + ROPE);
    var score = 0.0;
    if (is_own) {
      for (var r = 0u; r < RANK; r++) { score += qa[r] * own_cache[at + r]; }
      for (var c = 0u; c < ROPE; c++) { score += q_rope[c] * own_cache[at + RANK + c]; }
    } else {
      for (var r = 0u; r < RANK; r++) { score += qa[r] * prompt_cache[at + r]; }
      for (var c = 0u; c < ROPE; c++) { score += q_rope[c] * prompt_cache[at + RANK + c]; }
    }
    let new_largest = max(largest, score);
    let shrink = exp(largest - new_largest);
    let weight = exp(score - new_largest);
    total = total * shrink + weight;
    if (is_own) {
      for (var r = 0u; r < RANK; r++) { sum[r] = sum[r] * shrink + weight * own_cache[at + r]; }
    } else {
      for (var r = 0u; r < RANK; r++) { sum[r] = sum[r] * shrink + weight * prompt_cache[at + r]; }
    }
    largest = new_largest;
  }
  for (var v = 0u; v < VALUE; v++) {
    var dot = 0.0;
    for (var r = 0u; r < RANK; r++) { dot += sum[r] * w[head_w + (NOPE + v) * RANK + r]; }
    y[i * VALUE + v] = dot / total;
  }
}
