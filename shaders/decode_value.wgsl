// The parts of mla_decode.wgsl put together, and up-projected to values: y = W_v·Σ_j softmax(score)_j c_j, quads times four numbers
// of a head of TILE rows an invocation.
// sums: (B, H, parts, RANK)   largests, totals: (B, H, parts)   pool: kv_b_proj (H, nope+value, RANK) from w_at on   y: (B, H, value)
// RANK counts Lanes; nope and value do not.
import package::lib::columns::{add_product, weight_columns};
import package::lib::decode_row::{Row, INVALID, key_parts};
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, WeightLane};
import constants::{RANK, TILE};

struct Params {
  rows: u32,
  heads: u32,
  // Parts that the longest row can have.
  parts: u32,
  nope: u32,
  value: u32,
  quads: u32,
  w_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> sums: array<Lane>;
@group(0) @binding(3) var<storage, read> largests: array<f32>;
@group(0) @binding(4) var<storage, read> totals: array<f32>;
@group(0) @binding(5) var<storage, read> pool: array<WeightLane>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let teams = (params.value + 4u * params.quads - 1u) / (4u * params.quads);
  let i = flat_index(id, groups);
  let head = i / teams % params.heads;
  let first_row = i / teams / params.heads * TILE;
  // Rows of a rollout come first.
  if (first_row >= params.rows || places[first_row].own_first == INVALID) { return; }
  var total: array<f32, TILE>;
  var sum: array<Lane, TILE * RANK>;
  for (var t = 0u; t < TILE; t++) {
    let row = min(first_row + t, params.rows - 1u);
    let place = places[row];
    let parts = key_parts(place.prompt_length + place.own_length + 1u);
    let first = (row * params.heads + head) * params.parts;
    var largest = largests[first];
    for (var p = 1u; p < parts; p++) { largest = max(largest, largests[first + p]); }
    for (var p = 0u; p < parts; p++) {
      let share = exp(largests[first + p] - largest);
      total[t] = fma(share, totals[first + p], total[t]);
      for (var r = 0u; r < RANK; r++) {
        sum[t * RANK + r] = fma(Lane(share), sums[(first + p) * RANK + r], sum[t * RANK + r]);
      }
    }
  }
  let w = params.w_at / LANES + (head * (params.nope + params.value) + params.nope) * RANK;
  for (var quad = 0u; quad < params.quads; quad++) {
    let v = (i % teams * params.quads + quad) * 4u;
    let w0 = w + min(v, params.value - 1u) * RANK;
    let w1 = w + min(v + 1u, params.value - 1u) * RANK;
    let w2 = w + min(v + 2u, params.value - 1u) * RANK;
    let w3 = w + min(v + 3u, params.value - 1u) * RANK;
    // Zeros are written out: without, SwiftShader was seen to go on from the quad before.
    var value = array<vec4f, TILE>();
    for (var r = 0u; r < RANK; r++) {
      let m = weight_columns(pool[w0 + r], pool[w1 + r], pool[w2 + r], pool[w3 + r]);
      for (var t = 0u; t < TILE; t++) { value[t] = add_product(value[t], sum[t * RANK + r], m); }
    }
    for (var t = 0u; t < TILE; t++) {
      let row = first_row + t;
      let quotient = value[t] / total[t];
      let is_live = row < params.rows && places[min(row, params.rows - 1u)].own_first != INVALID;
      let end = select(0u, min(4u, params.value - min(v, params.value)), is_live);
      for (var c = 0u; c < end; c++) { y[(row * params.heads + head) * params.value + v + c] = quotient[c]; }
    }
  }
}
