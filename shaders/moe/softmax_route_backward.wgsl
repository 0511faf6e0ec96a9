// Gradient of a router with softmax scores in its logits, one token an invocation. The choice of experts has none.
// w_k = scale·p_k, p the softmax of all logits, or of the chosen ones if normalised:
// dlogit_e = scale·p_e·(dw_e − Σ_j dw_j·p_j),  dw = 0 for experts that are not chosen
// logits, d_logits: (N, E)   experts, d_weights: (N, K)
import package::lib::index::flat_index;
import constants::TOP_K;

struct Params {
  rows: u32,
  num_experts: u32,
  normalize: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> experts: array<u32>;
@group(0) @binding(3) var<storage, read> d_weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> d_logits: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let at = row * params.num_experts;
  let slot = row * TOP_K;
  for (var e = 0u; e < params.num_experts; e++) { d_logits[at + e] = 0.0; }
  if (experts[slot] >= params.num_experts) { return; }
  // The first chosen expert's is the largest.
  let largest = logits[at + experts[slot]];
  var total = 0.0;
  if (params.normalize == 1u) {
    for (var k = 0u; k < TOP_K; k++) { total += exp(logits[at + experts[slot + k]] - largest); }
  } else {
    for (var e = 0u; e < params.num_experts; e++) { total += exp(logits[at + e] - largest); }
  }
  var pull = 0.0;
  for (var k = 0u; k < TOP_K; k++) { pull += d_weights[slot + k] * (exp(logits[at + experts[slot + k]] - largest) / total); }
  if (params.normalize == 0u) {
    for (var e = 0u; e < params.num_experts; e++) {
      d_logits[at + e] = -params.scale * pull * (exp(logits[at + e] - largest) / total);
    }
  }
  for (var k = 0u; k < TOP_K; k++) {
    let expert = at + experts[slot + k];
    d_logits[expert] = params.scale * (d_weights[slot + k] - pull) * (exp(logits[expert] - largest) / total);
  }
}
