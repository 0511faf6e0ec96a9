// Causal attention, one query of one head an invocation, softmax computed in passing.
// score(n, j) = (q_nope·k_nope + q_rope·k_rope)·scale,  for the keys j that n sees: lib/span.wgsl
// A workgroup's queries, or a subgroup's, are neighbours and walk the same keys together, so that a key is read once for all of
// them; each query counts only the keys that it may see.
// Heads share keys in equal groups: KV of them have kv, R of them k_rope. MLA in its expanded form: KV = H, R = 1.
// Grouped-query attention: NOPE = 0, so that kv is the values and k_rope the whole keys, and R = KV.
// q: (N, H, NOPE+ROPE), turned   kv: (N, KV, NOPE+VALUE), [k_nope | v] per head   k_rope: (N, R, ROPE), turned
// spans: (N), see lib/span.wgsl   y: (N, H, VALUE)   log_sum_exp: (N, H)
// NOPE, ROPE and VALUE count Vectors.
import package::lib::vectors::{Vector, vector_sum};
import package::lib::quarter::{Quarter, quarter_of, together};
import package::lib::span::{first_key, next_key, sees};
import constants::{NOPE, ROPE, VALUE, GROUP};

struct Params {
  rows: u32,
  heads: u32,
  kv_heads: u32,
  rope_heads: u32,
  // Keys that a query sees at most, itself among them.
  window: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<Vector>;
@group(0) @binding(2) var<storage, read> kv: array<Quarter>;
@group(0) @binding(3) var<storage, read> k_rope: array<Quarter>;
@group(0) @binding(4) var<storage, read> spans: array<vec4u>;
@group(0) @binding(5) var<storage, read_write> y: array<Vector>;
@group(0) @binding(6) var<storage, read_write> log_sum_exp: array<f32>;

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
  for (var c = 0u; c < NOPE + ROPE; c++) { query[c] = q[i * (NOPE + ROPE) + c] * params.scale; }
  var sum: array<Vector, VALUE>;
  for (var c = 0u; c < VALUE; c++) { sum[c] = Vector(); }
  let span = spans[n];
  var largest = -3.0e38;
  var total = 0.0;
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
    if (sees(span, n, j, params.window)) {
      let score = vector_sum(parts);
      // One exponential a key: either the sum so far shrinks to a new largest score, or the key's weight is below it.
      let ratio = exp(-abs(score - largest));
      let is_largest = score > largest;
      let shrink = select(1.0, ratio, is_largest);
      let weight = select(ratio, 1.0, is_largest);
      largest = max(largest, score);
      total = total * shrink + weight;
      for (var c = 0u; c < VALUE; c++) { sum[c] = sum[c] * shrink + weight * key[NOPE + ROPE + c]; }
    }
    j = next_key(lead, walk.x, j, params.window);
  }
  if (first_query + local.x >= params.rows) { return; }
  for (var c = 0u; c < VALUE; c++) { y[i * VALUE + c] = sum[c] / total; }
  log_sum_exp[i] = largest + log(total);
}
