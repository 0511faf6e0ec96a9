// Gradient of MLA's attention in the query, one query of one head an invocation; probabilities are recomputed from the saved
// log-sum-exp (FlashAttention-2, Dao 2023).   dp = dy·v,  ds = p·(dp − delta),  dq = scale·Σ_j ds·k_j,  delta = dy·y
// Shapes as in mla_attention.wgsl.   delta: (N, H), kept for the gradient in the keys
import package::lib::index::flat_index;
import constants::{NOPE, ROPE, VALUE};

struct Params {
  rows: u32,
  heads: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<f32>;
@group(0) @binding(2) var<storage, read> kv: array<f32>;
@group(0) @binding(3) var<storage, read> k_rope: array<f32>;
@group(0) @binding(4) var<storage, read> spans: array<vec2u>;
@group(0) @binding(5) var<storage, read> y: array<f32>;
@group(0) @binding(6) var<storage, read> log_sum_exp: array<f32>;
@group(0) @binding(7) var<storage, read> dy: array<f32>;
@group(0) @binding(8) var<storage, read_write> dq_delta: array<f32>;   // dq (N, H, NOPE+ROPE), then delta (N, H)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.heads) { return; }
  let n = i / params.heads;
  let head = i % params.heads;
  var query: array<f32, NOPE + ROPE>;
  var dq: array<f32, NOPE + ROPE>;
  for (var c = 0u; c < NOPE + ROPE; c++) {
    query[c] = q[i * (NOPE + ROPE) + c] * params.scale;
    dq[c] = 0.0;
  }
  var dout: array<f32, VALUE>;
  var delta = 0.0;
  for (var c = 0u; c < VALUE; c++) {
    dout[c] = dy[i * VALUE + c];
    delta += dout[c] * y[i * VALUE + c];
  }
  let lse = log_sum_exp[i];
  for (var j = spans[n].x; j <= n; j++) {
    let k_at = (j * params.heads + head) * (NOPE + VALUE);
    var score = 0.0;
    for (var c = 0u; c < NOPE; c++) { score += query[c] * kv[k_at + c]; }
    for (var c = 0u; c < ROPE; c++) { score += query[NOPE + c] * k_rope[j * ROPE + c]; }
    var dp = 0.0;
    for (var c = 0u; c < VALUE; c++) { dp += dout[c] * kv[k_at + NOPE + c]; }
    let ds = exp(score - lse) * (dp - delta) * params.scale;
    for (var c = 0u; c < NOPE; c++) { dq[c] += ds * kv[k_at + c]; }
    for (var c = 0u; c < ROPE; c++) { dq[NOPE + c] += ds * k_rope[j * ROPE + c]; }
  }
  for (var c = 0u; c < NOPE + ROPE; c++) { dq_delta[i * (NOPE + ROPE) + c] = dq[c]; }
  dq_delta[params.rows * params.heads * (NOPE + ROPE) + i] = delta;
}
