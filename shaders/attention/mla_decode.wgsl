// Attention of one new token a row over the latent cache: one part of the keys of HEADS heads of a row an invocation,
// so that a key is read once for all of these heads, score_j = query·key_j,  sums = Σ_j exp(score_j − largest) c_j,
// key_j = [c_j | k_rope_j]. decode_value.wgsl puts the parts together.
// subgroups: four heads of a row are a quad, whose members read a key together.
// Keys are the prompt's, shared by all rollouts of a group, then the rollout's own, the new one last.
// query: (B, H, RANK+ROPE)   cache: rows of RANK+ROPE   sums: (B, H, parts, RANK)   largest, total: (B, H, parts)
// RANK and ROPE count Vectors.
import package::lib::decode_row::{Row, INVALID, key_parts};
import package::lib::vectors::{Vector, vector_sum};
import package::lib::quarter::{Quarter, quarter_of, together};
import constants::{GROUP, HEADS, ROPE, RANK};

struct Params {
  rows: u32,
  heads: u32,
  // Parts that the longest row can have.
  parts: u32,
}

const WIDTH = RANK + ROPE;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> query: array<Vector>;
@group(0) @binding(3) var<storage, read> cache: array<Quarter>;
@group(0) @binding(4) var<storage, read_write> sums: array<Vector>;
@group(0) @binding(5) var<storage, read_write> largests: array<f32>;
@group(0) @binding(6) var<storage, read_write> totals: array<f32>;

@compute @workgroup_size(GROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  // Heads are neighbours: they read the same keys.
  let head_groups = params.heads / HEADS;
  let part = i / head_groups % params.parts;
  let row = i / head_groups / params.parts;
  if (row >= params.rows) { return; }
  let first_head = row * params.heads + i % head_groups * HEADS;
  let place = places[row];
  if (place.own_first == INVALID) { return; }
  let num_keys = place.prompt_length + place.own_length + 1u;
  let parts = key_parts(num_keys);
  if (part >= parts) { return; }
  var q: array<Vector, HEADS * WIDTH>;
  for (var h = 0u; h < HEADS; h++) {
    for (var r = 0u; r < WIDTH; r++) { q[h * WIDTH + r] = query[(first_head + h) * WIDTH + r]; }
  }
  var sum: array<Vector, HEADS * RANK>;
  var largest: array<f32, HEADS>;
  var total: array<f32, HEADS>;
  // Below any score; finite, so that no NaN is made of it.
  for (var h = 0u; h < HEADS; h++) { largest[h] = -3.0e38; }
  for (var j = part; j < num_keys; j += parts) {
    let cached = select(place.own_first + j - place.prompt_length, place.prompt_first + j, j < place.prompt_length);
    var key: array<Vector, WIDTH>;
    for (var r = 0u; r < WIDTH; r++) { key[r] = together(cache[quarter_of(cached * WIDTH + r, i)]); }
    for (var h = 0u; h < HEADS; h++) {
      var products = Vector();
      for (var r = 0u; r < WIDTH; r++) { products += q[h * WIDTH + r] * key[r]; }
      let score = vector_sum(products);
      // One exponential a key: either the sum so far shrinks to a new largest score, or the key's weight is below it.
      let ratio = exp(-abs(score - largest[h]));
      let is_largest = score > largest[h];
      let shrink = select(1.0, ratio, is_largest);
      let weight = select(ratio, 1.0, is_largest);
      largest[h] = max(largest[h], score);
      total[h] = total[h] * shrink + weight;
      for (var r = 0u; r < RANK; r++) { sum[h * RANK + r] = sum[h * RANK + r] * shrink + weight * key[r]; }
    }
  }
  for (var h = 0u; h < HEADS; h++) {
    let at = (first_head + h) * params.parts + part;
    for (var r = 0u; r < RANK; r++) { sums[at * RANK + r] = sum[h * RANK + r]; }
    largests[at] = largest[h];
    totals[at] = total[h];
  }
}
