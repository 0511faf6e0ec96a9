// Causal attention of MLA in its expanded form, one query of one head an invocation, softmax computed in passing.
// score(n, j) = (q_nope·k_nope + q_rope·k_rope)·scale,  j from the start of n's sequence to n
// q: (N, H, NOPE+ROPE), turned   kv: (N, H, NOPE+VALUE), [k_nope | v] per head   k_rope: (N, ROPE), turned, shared by heads
// spans: (N) first token of n's sequence and one past its last   y: (N, H, VALUE)   log_sum_exp: (N, H)
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
@group(0) @binding(5) var<storage, read_write> y: array<f32>;
@group(0) @binding(6) var<storage, read_write> log_sum_exp: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.heads) { return; }
  let n = i / params.heads;
  let head = i % params.heads;
  var query: array<f32, NOPE + ROPE>;
  for (var c = 0u; c < NOPE + ROPE; c++) {
    query[c] = q[i * (NOPE + ROPE) + c] * params.scale;
  }
  var sum: array<f32, VALUE>;
  for (var c = 0u; c < VALUE; c++) { sum[c] = 0.0; }
  var largest = -3.0e38;
  var total = 0.0;
  for (var j = spans[n].x; j <= n; j++) {
    let k_at = (j * params.heads + head) * (NOPE + VALUE);
    var score = 0.0;
    for (var c = 0u; c < NOPE; c++) { score += query[c] * kv[k_at + c]; }
    for (var c = 0u; c < ROPE; c++) { score += query[NOPE + c] * k_rope[j * ROPE + c]; }
    let new_largest = max(largest, score);
    let shrink = exp(largest - new_largest);
    let weight = exp(score - new_largest);
    total = total * shrink + weight;
    for (var c = 0u; c < VALUE; c++) { sum[c] = sum[c] * shrink + weight * kv[k_at + NOPE + c]; }
    largest = new_largest;
  }
  for (var c = 0u; c < VALUE; c++) { y[i * VALUE + c] = sum[c] / total; }
  log_sum_exp[i] = largest + log(total);
}
