// Gradient in the logits of a loss given by its slopes in log-probability and entropy.
// dlogit_v = (1/T)·( dlogp·(1[v=target] − p_v) − dentropy·p_v·(log p_v + entropy) )
// logits, d_logits: (N, V)   targets, log_sum_exp, entropy: (N)   slopes: (N) of (dLoss/dlogp, dLoss/dentropy)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  vocabulary: u32,
  inverse_temperature: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> log_sum_exp: array<f32>;
@group(0) @binding(4) var<storage, read> entropy: array<f32>;
@group(0) @binding(5) var<storage, read> slopes: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> d_logits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.vocabulary) { return; }
  let row = i / params.vocabulary;
  let slope = slopes[row];
  let logp = logits[i] * params.inverse_temperature - log_sum_exp[row];
  let p = exp(logp);
  let hit = select(0.0, 1.0, i % params.vocabulary == targets[row]);
  d_logits[i] = params.inverse_temperature * (slope.x * (hit - p) - slope.y * p * (logp + entropy[row]));
}
