// Log-probability of each row's target, entropy and log-sum-exp of softmax(logits / temperature), one row an invocation.
// The softmax itself is never stored.     logits: (N, V)   targets, log_prob, entropy, log_sum_exp: (N)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  vocabulary: u32,
  inverse_temperature: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> log_prob: array<f32>;
@group(0) @binding(4) var<storage, read_write> entropy: array<f32>;
@group(0) @binding(5) var<storage, read_write> log_sum_exp: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let base = row * params.vocabulary;
  var largest = -3.0e38;
  for (var v = 0u; v < params.vocabulary; v++) {
    largest = max(largest, logits[base + v] * params.inverse_temperature);
  }
  var total = 0.0;
  var weighted = 0.0;
  for (var v = 0u; v < params.vocabulary; v++) {
    let shifted = logits[base + v] * params.inverse_temperature - largest;
    let e = exp(shifted);
    total += e;
    weighted += e * shifted;
  }  // entropy = log Σe^s − Σ s·e^s / Σe^s, with s = logit − largest
  let log_total = log(total);
  log_sum_exp[row] = largest + log_total;
  entropy[row] = log_total - weighted / total;
  log_prob[row] = logits[base + targets[row]] * params.inverse_temperature - (largest + log_total);
}
