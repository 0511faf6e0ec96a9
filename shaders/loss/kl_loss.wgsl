// Reverse KL divergence from a teacher, row by row, at a temperature T: kl = Σ_v p_v·(log p_v − log q_v) with
// p = softmax(logits / T), q = softmax(teacher / T). terms[n] = weights[n]·kl[n]; rows of weight 0 are left out.
// logits, teacher: (N, V)   weights, kl, terms: (N)   norms: (N) of the two log-sum-exps
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
@group(0) @binding(4) var<storage, read_write> kl: array<f32>;
@group(0) @binding(5) var<storage, read_write> norms: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> terms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  kl[row] = 0.0;
  norms[row] = vec2f(0.0);
  terms[row] = 0.0;
  if (weights[row] == 0.0) { return; }
  let base = row * params.vocabulary;
  var largest = vec2f(-3.0e38);
  for (var v = 0u; v < params.vocabulary; v++) {
    largest = max(largest, vec2f(logits[base + v], teacher[base + v]) * params.inverse_temperature);
  }
  var total = vec2f(0.0);
  var weighted = 0.0;
  for (var v = 0u; v < params.vocabulary; v++) {
    let shifted = vec2f(logits[base + v], teacher[base + v]) * params.inverse_temperature - largest;
    let e = exp(shifted);
    total += e;
    weighted += e.x * (shifted.x - shifted.y);
  }  // kl = Σ p·(s_p − s_q) − log Σe^s_p + log Σe^s_q, with s = logit − largest
  let log_total = log(total);
  norms[row] = largest + log_total;
  kl[row] = weighted / total.x - log_total.x + log_total.y;
  terms[row] = weights[row] * kl[row];
}
