// The parts of mla_decode.wgsl put together, and up-projected to values: y = W_v·Σ_j softmax(score)_j c_j, QUADS times
// four numbers of a head of TILE rows an invocation.
// sums: (B, H, parts, rank)   largests, totals: (B, H, parts)   pool: kv_b_proj (H, nope+value, rank) from w_at on
// y: (B, H, value)
// rank counts Vectors; nope and value do not.
import package::lib::columns::{add_product, weight_columns};
import package::lib::decode_row::{Row, INVALID, key_parts};
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, VECTOR_SIZE, WeightVector};
import constants::{BLOCK, TILE, QUADS};

struct Params {
  rows: u32,
  heads: u32,
  // Parts that the longest row can have.
  parts: u32,
  nope: u32,
  value: u32,
  // In Vectors, a multiple of BLOCK: so many are put together at a time.
  rank: u32,
  w_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> sums: array<Vector>;
@group(0) @binding(3) var<storage, read> largests: array<f32>;
@group(0) @binding(4) var<storage, read> totals: array<f32>;
@group(0) @binding(5) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let value_groups = (params.value + 4u * QUADS - 1u) / (4u * QUADS);
  let i = flat_index(id, groups);
  let head = i / value_groups % params.heads;
  let first_row = i / value_groups / params.heads * TILE;
  // Rows of a rollout come first.
  if (first_row >= params.rows || places[first_row].own_first == INVALID) { return; }
  var first: array<u32, TILE>;
  var parts: array<u32, TILE>;
  var largest: array<f32, TILE>;
  for (var t = 0u; t < TILE; t++) {
    let row = min(first_row + t, params.rows - 1u);
    parts[t] = key_parts(places[row].prompt_length + places[row].own_length + 1u);
    first[t] = (row * params.heads + head) * params.parts;
    largest[t] = largests[first[t]];
    for (var p = 1u; p < parts[t]; p++) { largest[t] = max(largest[t], largests[first[t] + p]); }
  }
  let w = params.w_at / VECTOR_SIZE + (head * (params.nope + params.value) + params.nope) * params.rank;
  let first_value = i % value_groups * QUADS * 4u;
  let last = params.value - 1u;
  var total: array<f32, TILE>;
  var value: array<vec4f, TILE * QUADS>;
  for (var lead = 0u; lead < params.rank; lead += BLOCK) {
    var sum: array<Vector, TILE * BLOCK>;
    for (var t = 0u; t < TILE; t++) {
      total[t] = 0.0;
      for (var r = 0u; r < BLOCK; r++) { sum[t * BLOCK + r] = Vector(); }
      for (var p = 0u; p < parts[t]; p++) {
        let share = exp(largests[first[t] + p] - largest[t]);
        total[t] = fma(share, totals[first[t] + p], total[t]);
        let at = (first[t] + p) * params.rank + lead;
        for (var r = 0u; r < BLOCK; r++) { sum[t * BLOCK + r] = fma(Vector(share), sums[at + r], sum[t * BLOCK + r]); }
      }
    }
    for (var quad = 0u; quad < QUADS; quad++) {
      let v = first_value + quad * 4u;
      let w0 = w + min(v, last) * params.rank + lead;
      let w1 = w + min(v + 1u, last) * params.rank + lead;
      let w2 = w + min(v + 2u, last) * params.rank + lead;
      let w3 = w + min(v + 3u, last) * params.rank + lead;
      for (var r = 0u; r < BLOCK; r++) {
        let m = weight_columns(pool[w0 + r], pool[w1 + r], pool[w2 + r], pool[w3 + r]);
        for (var t = 0u; t < TILE; t++) {
          value[t * QUADS + quad] = add_product(value[t * QUADS + quad], sum[t * BLOCK + r], m);
        }
      }
    }
  }
  for (var t = 0u; t < TILE; t++) {
    let row = min(first_row + t, params.rows - 1u);
    let is_live = first_row + t < params.rows && places[row].own_first != INVALID;
    for (var quad = 0u; quad < QUADS; quad++) {
      let quotient = value[t * QUADS + quad] / total[t];
      let v = first_value + quad * 4u;
      let at = (row * params.heads + head) * params.value + v;
      let end = select(0u, min(4u, params.value - min(v, params.value)), is_live);
      for (var c = 0u; c < end; c++) { y[at + c] = quotient[c]; }
    }
  }
}
