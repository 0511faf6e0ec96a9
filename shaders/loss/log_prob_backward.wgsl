// Gradient in the logits of a loss given by its slopes in log-probability and entropy, in the place of the logits.
// dlogit_v = (1/T)·( dlogp·(1[v=target] − p_v) − dentropy·p_v·(log p_v + entropy) )
// logits: (N, C), columns first … first + C of the vocabulary   targets, log_sum_exp, entropy: (N)
// slopes: (N) of (dLoss/dlogp, dLoss/dentropy)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  columns: u32,
  inverse_temperature: f32,
  first: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> log_sum_exp: array<f32>;
@group(0) @binding(4) var<storage, read> entropy: array<f32>;
@group(0) @binding(5) var<storage, read> slopes: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.columns) { return; }
  let row = i / params.columns;
  let slope = slopes[row];
  let logp = logits[i] * params.inverse_temperature - log_sum_exp[row];
  let p = exp(logp);
  let hit = select(0.0, 1.0, params.first + i % params.columns == targets[row]);
  logits[i] = params.inverse_temperature * (slope.x * (hit - p) - slope.y * p * (logp + entropy[row]));
}
