// Gradient of MLA's attention in keys and values, one key of one head an invocation, over the queries that see it.
// dv = Σ_n p·dy_n,  dk = scale·Σ_n ds·q_n      (ds as in mla_attention_backward_q.wgsl)
// dkv: (N, H, NOPE+VALUE)   dk_rope_heads: (N, H, ROPE), to be summed over heads
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
@group(0) @binding(5) var<storage, read> log_sum_exp: array<f32>;
@group(0) @binding(6) var<storage, read> dq_delta: array<f32>;
@group(0) @binding(7) var<storage, read> dy: array<f32>;
@group(0) @binding(8) var<storage, read_write> dkv_rope: array<f32>;   // dkv (N, H, NOPE+VALUE), then dk_rope_heads (N, H, ROPE)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let items = params.rows * params.heads;
  if (i >= items) { return; }
  let j = i / params.heads;
  let head = i % params.heads;
  var key: array<f32, NOPE + ROPE>;
  var dk: array<f32, NOPE + ROPE>;
  var value: array<f32, VALUE>;
  var dv: array<f32, VALUE>;
  for (var c = 0u; c < NOPE; c++) {
    key[c] = kv[i * (NOPE + VALUE) + c] * params.scale;
    dk[c] = 0.0;
  }
  for (var c = 0u; c < ROPE; c++) {
    key[NOPE + c] = k_rope[j * ROPE + c] * params.scale;
    dk[NOPE + c] = 0.0;
  }
  for (var c = 0u; c < VALUE; c++) {
    value[c] = kv[i * (NOPE + VALUE) + NOPE + c];
    dv[c] = 0.0;
  }
  for (var n = j; n < spans[j].y; n++) {
    let query = n * params.heads + head;
    var score = 0.0;
    for (var c = 0u; c < NOPE + ROPE; c++) { score += key[c] * q[query * (NOPE + ROPE) + c]; }
    let p = exp(score - log_sum_exp[query]);
    var dp = 0.0;
    for (var c = 0u; c < VALUE; c++) {
      let g = dy[query * VALUE + c];
      dp += g * value[c];
      dv[c] += p * g;
    }
    let ds = p * (dp - dq_delta[items * (NOPE + ROPE) + query]) * params.scale;
    for (var c = 0u; c < NOPE + ROPE; c++) { dk[c] += ds * q[query * (NOPE + ROPE) + c]; }
  }
  for (var c = 0u; c < NOPE; c++) { dkv_rope[i * (NOPE + VALUE) + c] = dk[c]; }
  for (var c = 0u; c < VALUE; c++) { dkv_rope[i * (NOPE + VALUE) + NOPE + c] = dv[c]; }
  for (var c = 0u; c < ROPE; c++) { dkv_rope[items * (NOPE + VALUE) + i * ROPE + c] = dk[NOPE + c]; }
}
