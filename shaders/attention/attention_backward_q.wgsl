// Gradient of attention in the query, one query of one head an invocation; probabilities are recomputed from the saved
// log-sum-exp (FlashAttention-2, Dao 2023).   dp = dy·v,  ds = p·(dp − delta),  dq = scale·Σ_j ds·k_j
// Shapes and the walk over keys as in attention.wgsl.   delta: (N, H)
import package::lib::vectors::{Vector, vector_sum};
import package::lib::quarter::{Quarter, quarter_of, together};
import package::lib::span::{first_key, next_key, sees};
import constants::{NOPE, ROPE, VALUE, GROUP};

struct Params {
  rows: u32,
  heads: u32,
  kv_heads: u32,
  rope_heads: u32,
  window: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<Vector>;
@group(0) @binding(2) var<storage, read> kv: array<Quarter>;
@group(0) @binding(3) var<storage, read> k_rope: array<Quarter>;
@group(0) @binding(4) var<storage, read> spans: array<vec4u>;
@group(0) @binding(5) var<storage, read> log_sum_exp: array<f32>;
@group(0) @binding(6) var<storage, read> delta: array<f32>;
@group(0) @binding(7) var<storage, read> dy: array<Vector>;
@group(0) @binding(8) var<storage, read_write> dq: array<Vector>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  @if(!subgroups) const lane = 0u;
  let head = group.y;
  let kv_head = head * params.kv_heads / params.heads;
  let rope_head = head * params.rope_heads / params.heads;
  let first_query = group.x * GROUP;
  let n = min(first_query + local.x, params.rows - 1u);
  let i = n * params.heads + head;
  var query: array<Vector, NOPE + ROPE>;
  var sum: array<Vector, NOPE + ROPE>;
  for (var c = 0u; c < NOPE + ROPE; c++) {
    query[c] = q[i * (NOPE + ROPE) + c] * params.scale;
    sum[c] = Vector();
  }
  var slope: array<Vector, VALUE>;
  for (var c = 0u; c < VALUE; c++) { slope[c] = dy[i * VALUE + c]; }
  let log_total = log_sum_exp[i];
  let taken_off = delta[i];
  let span = spans[n];
  @if(!subgroups) let walk = vec2u(first_query, min(first_query + GROUP, params.rows));
  @if(subgroups) let walk = vec2u(subgroupMin(n), subgroupMax(n) + 1u);
  let lead = spans[walk.x];
  let end = walk.y;
  var j = first_key(lead, walk.x, params.window);
  while (j < end) {
    let kv_at = (j * params.kv_heads + kv_head) * (NOPE + VALUE);
    let rope_at = (j * params.rope_heads + rope_head) * ROPE;
    var key: array<Vector, NOPE + ROPE + VALUE>;
    @if(nope) for (var c = 0u; c < NOPE; c++) { key[c] = together(kv[quarter_of(kv_at + c, lane)]); }
    for (var c = 0u; c < ROPE; c++) { key[NOPE + c] = together(k_rope[quarter_of(rope_at + c, lane)]); }
    for (var c = 0u; c < VALUE; c++) { key[NOPE + ROPE + c] = together(kv[quarter_of(kv_at + NOPE + c, lane)]); }
    var parts = Vector();
    for (var c = 0u; c < NOPE + ROPE; c++) { parts += query[c] * key[c]; }
    var dp_parts = Vector();
    for (var c = 0u; c < VALUE; c++) { dp_parts += slope[c] * key[NOPE + ROPE + c]; }
    if (sees(span, n, j, params.window)) {
      let p = exp(vector_sum(parts) - log_total);
      let ds = p * (vector_sum(dp_parts) - taken_off) * params.scale;
      for (var c = 0u; c < NOPE + ROPE; c++) { sum[c] += ds * key[c]; }
    }
    j = next_key(lead, walk.x, j, params.window);
  }
  if (first_query + local.x >= params.rows) { return; }
  for (var c = 0u; c < NOPE + ROPE; c++) { dq[i * (NOPE + ROPE) + c] = sum[c]; }
}
