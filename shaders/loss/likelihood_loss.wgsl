// Next-token likelihood, for pretraining and SFT.  loss = −Σ_n weights[n]·logp[n];  terms[n] is its n-th term.
// log_prob, weights, terms: (N)   slopes: (N) of (dLoss/dlogp, dLoss/dentropy)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> log_prob: array<f32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> slopes: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> terms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let n = flat_index(id, groups);
  if (n >= params.rows) { return; }
  slopes[n] = vec2f(-weights[n], 0.0);
  terms[n] = -weights[n] * log_prob[n];
}
