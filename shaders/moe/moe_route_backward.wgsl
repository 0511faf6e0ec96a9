// Gradient of the router in its logits, one token an invocation. The choice of experts has none.
// w_k = scale·s_k/S:  ds_k = scale·(dw_k − Σ_j dw_j·s_j/S)/S,  S = Σ s + 1e-20 (1, and no second term, if not normalised)
// dlogit = ds·s·(1 − s)
// logits, d_logits: (N, E)   experts, d_weights: (N, K)
import package::lib::index::flat_index;
import package::lib::activations::sigmoid;
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
  for (var e = 0u; e < params.num_experts; e++) { d_logits[row * params.num_experts + e] = 0.0; }
  if (experts[row * TOP_K] >= params.num_experts) { return; }
  var total = 1.0;
  var pull = 0.0;
  if (params.normalize != 0u) {
    total = 1e-20;
    for (var k = 0u; k < TOP_K; k++) { total += sigmoid(logits[row * params.num_experts + experts[row * TOP_K + k]]); }
    // Shares first: that of a lone expert is 1, and nothing is left of its gradient but rounding, which AdamW would blow up.
    for (var k = 0u; k < TOP_K; k++) {
      let s = sigmoid(logits[row * params.num_experts + experts[row * TOP_K + k]]);
      pull += d_weights[row * TOP_K + k] * (s / total);
    }
  }
  for (var k = 0u; k < TOP_K; k++) {
    let at = row * params.num_experts + experts[row * TOP_K + k];
    let s = sigmoid(logits[at]);
    d_logits[at] = params.scale * ((d_weights[row * TOP_K + k] - pull) / total) * s * (1.0 - s);
  }
}
