// Gradient of Σ_n weights[n]·kl[n] (kl_loss.wgsl) in the student's logits; the teacher is fixed.
// dlogit_v = weight·(1/T)·p_v·(log p_v − log q_v − kl)
// logits, teacher, d_logits: (N, V)   weights, kl: (N)   norms: (N) of the two log-sum-exps
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  vocabulary: u32,
  inverse_temperature: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> teacher: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> kl: array<f32>;
@group(0) @binding(5) var<storage, read> norms: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> d_logits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.vocabulary) { return; }
  let row = i / params.vocabulary;
  let weight = weights[row];
  if (weight == 0.0) {
    d_logits[i] = 0.0;
    return;
  }
  let logs = vec2f(logits[i], teacher[i]) * params.inverse_temperature - norms[row];
  d_logits[i] = weight * params.inverse_temperature * exp(logs.x) * (logs.x - logs.y - kl[row]);
}
