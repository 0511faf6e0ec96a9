// Gradient of attention in keys and values, one key of one head of kv an invocation, over the queries that see it, of
// one head that reads it after the other.
// dv = Σ_n p·dy_n,  dk = scale·Σ_n ds·q_n      (ds as in attention_backward_q.wgsl)
// A workgroup's keys, or a subgroup's, are neighbours and walk the same queries together. Shapes as in attention.wgsl.
// dkv_rope: dkv (N, KV, NOPE+VALUE), then each of these heads' gradient of k_rope (N, KV, ROPE)
import package::lib::vectors::{Vector, vector_sum};
import package::lib::quarter::{Quarter, quarter_of, together};
@if(windowed) import package::lib::span::sees;
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
@group(0) @binding(1) var<storage, read> q: array<Quarter>;
@group(0) @binding(2) var<storage, read> kv: array<Vector>;
@group(0) @binding(3) var<storage, read> k_rope: array<Vector>;
@group(0) @binding(4) var<storage, read> spans: array<vec4u>;
@group(0) @binding(5) var<storage, read> log_sum_exp: array<f32>;
@group(0) @binding(6) var<storage, read> delta: array<f32>;
@group(0) @binding(7) var<storage, read> dy: array<Quarter>;
@group(0) @binding(8) var<storage, read_write> dkv_rope: array<Vector>;

@compute @workgroup_size(GROUP)
fn main(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @if(subgroups) @builtin(subgroup_invocation_id) lane: u32,
) {
  @if(!subgroups) const lane = 0u;
  let kv_head = group.y;
  let rope_head = kv_head * params.rope_heads / params.kv_heads;
  let readers = params.heads / params.kv_heads;
  let first_key = group.x * GROUP;
  let j = min(first_key + local.x, params.rows - 1u);
  let i = j * params.kv_heads + kv_head;
  let rope_from = (j * params.rope_heads + rope_head) * ROPE;
  var key: array<Vector, NOPE + ROPE>;
  var dk: array<Vector, NOPE + ROPE>;
  var value: array<Vector, VALUE>;
  var dv: array<Vector, VALUE>;
  @if(nope) for (var c = 0u; c < NOPE; c++) {
    key[c] = kv[i * (NOPE + VALUE) + c] * params.scale;
    dk[c] = Vector();
  }
  for (var c = 0u; c < ROPE; c++) {
    key[NOPE + c] = k_rope[rope_from + c] * params.scale;
    dk[NOPE + c] = Vector();
  }
  for (var c = 0u; c < VALUE; c++) {
    value[c] = kv[i * (NOPE + VALUE) + NOPE + c];
    dv[c] = Vector();
  }
  let end = spans[j].w;
  @if(subgroups) let walk = vec2u(subgroupMin(j), subgroupMax(end));
  @if(!subgroups) var walk = vec2u(first_key, 0u);
  @if(!subgroups) for (var k = 0u; k < GROUP; k++) { walk.y = max(walk.y, spans[min(first_key + k, params.rows - 1u)].w); }
  for (var head = kv_head * readers; head < (kv_head + 1u) * readers; head++) {
    for (var n = walk.x; n < walk.y; n++) {
      let q_at = n * params.heads + head;
      var query: array<Vector, NOPE + ROPE>;
      for (var c = 0u; c < NOPE + ROPE; c++) { query[c] = together(q[quarter_of(q_at * (NOPE + ROPE) + c, lane)]); }
      var slope: array<Vector, VALUE>;
      for (var c = 0u; c < VALUE; c++) { slope[c] = together(dy[quarter_of(q_at * VALUE + c, lane)]); }
      let log_total = log_sum_exp[q_at];
      let taken_off = delta[q_at];
      var parts = Vector();
      for (var c = 0u; c < NOPE + ROPE; c++) { parts += key[c] * query[c]; }
      var dp_parts = Vector();
      for (var c = 0u; c < VALUE; c++) { dp_parts += value[c] * slope[c]; }
      @if(windowed) let is_seen = sees(spans[n], n, j, params.window);
      @if(!windowed) let is_seen = n >= j && n < end;
      if (is_seen) {
        let p = exp(vector_sum(parts) - log_total);
        let ds = p * (vector_sum(dp_parts) - taken_off) * params.scale;
        for (var c = 0u; c < VALUE; c++) { dv[c] += p * slope[c]; }
        for (var c = 0u; c < NOPE + ROPE; c++) { dk[c] += ds * query[c]; }
      }
    }
  }
  if (first_key + local.x >= params.rows) { return; }
  @if(nope) for (var c = 0u; c < NOPE; c++) { dkv_rope[i * (NOPE + VALUE) + c] = dk[c]; }
  for (var c = 0u; c < VALUE; c++) { dkv_rope[i * (NOPE + VALUE) + NOPE + c] = dv[c]; }
  let rope_at = params.rows * params.kv_heads * (NOPE + VALUE) + i * ROPE;
  for (var c = 0u; c < ROPE; c++) { dkv_rope[rope_at + c] = dk[NOPE + c]; }
}
