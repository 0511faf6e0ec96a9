// Grouped-query attention of one new token a row over the cache: one part of the keys of HEADS heads of a row an
// invocation, all of which share a head of keys, so that a key is read once for them.
// score_j = query·k_j,  sums = Σ_j exp(score_j − largest) v_j.   decode_parts.wgsl puts the parts together.
// Keys are the prompt's, shared by all rollouts of a group, then the rollout's own, the new one last; windowed: the
// last `window`.
// query: (B, H, WIDTH), scaled   cache: rows of [k (KV, WIDTH) | v (KV, WIDTH)]   sums: (B, H, parts, WIDTH)
// largest, total: (B, H, parts)   WIDTH counts Vectors.
import package::lib::decode_row::{Row, INVALID, key_parts, keys_seen};
import package::lib::vectors::{Vector, vector_sum};
import constants::{GROUP, HEADS, WIDTH};

struct Params {
  rows: u32,
  heads: u32,
  kv_heads: u32,
  window: u32,
  // Parts that the longest row can have.
  parts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> query: array<Vector>;
@group(0) @binding(3) var<storage, read> cache: array<Vector>;
@group(0) @binding(4) var<storage, read_write> sums: array<Vector>;
@group(0) @binding(5) var<storage, read_write> largests: array<f32>;
@group(0) @binding(6) var<storage, read_write> totals: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * (groups.x * GROUP) + id.x;
  let head_groups = params.heads / HEADS;
  let part = i / head_groups % params.parts;
  let row = i / head_groups / params.parts;
  if (row >= params.rows) { return; }
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let num_keys = place.prompt_length + place.own_length + 1u;
  let num_seen = keys_seen(num_keys, params.window);
  let parts = key_parts(num_seen);
  if (part >= parts) { return; }
  let head = i % head_groups * HEADS;
  let first_head = row * params.heads + head;
  let kv_head = head * params.kv_heads / params.heads;
  var q: array<Vector, HEADS * WIDTH>;
  var sum: array<Vector, HEADS * WIDTH>;
  for (var c = 0u; c < HEADS * WIDTH; c++) {
    q[c] = query[first_head * WIDTH + c];
    sum[c] = Vector();
  }
  var largest: array<f32, HEADS>;
  var total: array<f32, HEADS>;
  // Below any score; finite, so that no NaN is made of it.
  for (var h = 0u; h < HEADS; h++) { largest[h] = -3.0e38; }
  for (var j = num_keys - num_seen + part; j < num_keys; j += parts) {
    let cached = select(place.own_first + j - place.prompt_length, place.prompt_first + j, j < place.prompt_length);
    let key_at = (cached * 2u * params.kv_heads + kv_head) * WIDTH;
    let value_at = key_at + params.kv_heads * WIDTH;
    var score: array<Vector, HEADS>;
    for (var h = 0u; h < HEADS; h++) { score[h] = Vector(); }
    for (var c = 0u; c < WIDTH; c++) {
      let key = cache[key_at + c];
      for (var h = 0u; h < HEADS; h++) { score[h] += q[h * WIDTH + c] * key; }
    }
    var shrink: array<f32, HEADS>;
    var weight: array<f32, HEADS>;
    for (var h = 0u; h < HEADS; h++) {
      let s = vector_sum(score[h]);
      // One exponential a key: either the sum so far shrinks to a new largest score, or the key's weight is below it.
      let ratio = exp(-abs(s - largest[h]));
      let is_largest = s > largest[h];
      shrink[h] = select(1.0, ratio, is_largest);
      weight[h] = select(ratio, 1.0, is_largest);
      largest[h] = max(largest[h], s);
      total[h] = total[h] * shrink[h] + weight[h];
    }
    for (var c = 0u; c < WIDTH; c++) {
      let value = cache[value_at + c];
      for (var h = 0u; h < HEADS; h++) { sum[h * WIDTH + c] = sum[h * WIDTH + c] * shrink[h] + weight[h] * value; }
    }
  }
  for (var h = 0u; h < HEADS; h++) {
    let at = (first_head + h) * params.parts + part;
    for (var c = 0u; c < WIDTH; c++) { sums[at * WIDTH + c] = sum[h * WIDTH + c]; }
    largests[at] = largest[h];
    totals[at] = total[h];
  }
}
