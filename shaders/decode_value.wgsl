// The four parts of mla_decode.wgsl put together, and up-projected to values: y = W_v·Σ_j softmax(score)_j c_j, four numbers of a head
// of a row an invocation.
// sums: (B, H, 4, RANK)   largests, totals: (B, H, 4)   pool: kv_b_proj (H, NOPE+VALUE, RANK) from w_at on   y: (B, H, VALUE)
// RANK counts Lanes; NOPE and VALUE do not.
import package::lib::columns::{add_product, weight_columns};
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, WeightLane};
import constants::{NOPE, VALUE, RANK};

struct Params {
  rows: u32,
  heads: u32,
  w_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<Lane>;
@group(0) @binding(2) var<storage, read> largests: array<vec4f>;
@group(0) @binding(3) var<storage, read> totals: array<vec4f>;
@group(0) @binding(4) var<storage, read> pool: array<WeightLane>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  const quads = (VALUE + 3u) / 4u;
  let i = flat_index(id, groups);
  let head = i / quads;
  if (head >= params.rows * params.heads) { return; }
  let v = i % quads * 4u;
  let largest = largests[head];
  // A part without keys has largest −3e38 and counts for nothing.
  let shares = exp(largest - max(max(largest.x, largest.y), max(largest.z, largest.w)));
  let weights = shares / dot(shares, totals[head]);
  let w = params.w_at / LANES + (head % params.heads * (NOPE + VALUE) + NOPE) * RANK;
  let w0 = w + v * RANK;
  let w1 = w + min(v + 1u, VALUE - 1u) * RANK;
  let w2 = w + min(v + 2u, VALUE - 1u) * RANK;
  let w3 = w + min(v + 3u, VALUE - 1u) * RANK;
  let part = head * 4u * RANK;
  var value = vec4f(0.0);
  for (var r = 0u; r < RANK; r++) {
    let c = sums[part + r] * weights.x + sums[part + RANK + r] * weights.y
      + sums[part + 2u * RANK + r] * weights.z + sums[part + 3u * RANK + r] * weights.w;
    value = add_product(value, c, weight_columns(pool[w0 + r], pool[w1 + r], pool[w2 + r], pool[w3 + r]));
  }
  for (var c = 0u; c < min(4u, VALUE - v); c++) { y[head * VALUE + v + c] = value[c]; }
}
