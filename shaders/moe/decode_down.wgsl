// Down projection, four numbers of a row an invocation: y = residual + Σ_k weights[k]·down_k·hidden_k over the row's
// chosen experts, and the shared one's (or the dense layer's) down·hidden.
// hidden: (B, top_k·routed_width + shared_width)   experts, weights: (B, top_k)
// pool: routed (E, columns, routed_width) and shared (columns, shared_width)
// Widths are no constants: a driver that writes loops out would compile them for seconds, and for no gain.
// residual, y: (B, columns)     widths count Vectors.
import package::lib::columns::{add_product, weight_columns};
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, VECTOR_SIZE, WeightVector};

struct Params {
  rows: u32,
  columns: u32,
  num_experts: u32,
  top_k: u32,
  routed_width: u32,
  shared_width: u32,
  routed_at: u32,
  shared_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> hidden: array<Vector>;
@group(0) @binding(2) var<storage, read> pool: array<WeightVector>;
@if(routed) @group(0) @binding(3) var<storage, read> experts: array<u32>;
@if(routed) @group(0) @binding(4) var<storage, read> weights: array<f32>;
@group(0) @binding(5) var<storage, read> residual: array<f32>;
@group(0) @binding(6) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let quads = (params.columns + 3u) / 4u;
  let row = i / quads;
  if (row >= params.rows) { return; }
  let column = i % quads * 4u;
  let last = params.columns - 1u;
  var x = row * (params.top_k * params.routed_width + params.shared_width);
  var sum = vec4f(0.0);
  // The last is the shared one.
  for (var k = 0u; k <= params.top_k; k++) {
    var w = params.shared_at / VECTOR_SIZE;
    var width = params.shared_width;
    var weight = 1.0;
    @if(routed) {
      if (k < params.top_k) {
        // A row of no rollout has no expert; what is computed for it is not used.
        let expert = min(experts[row * params.top_k + k], params.num_experts - 1u);
        width = params.routed_width;
        w = params.routed_at / VECTOR_SIZE + expert * params.columns * width;
        weight = weights[row * params.top_k + k];
      }
    }
    let w0 = w + column * width;
    let w1 = w + min(column + 1u, last) * width;
    let w2 = w + min(column + 2u, last) * width;
    let w3 = w + min(column + 3u, last) * width;
    var product = vec4f(0.0);
    for (var f = 0u; f < width; f++) {
      product = add_product(product, hidden[x + f], weight_columns(pool[w0 + f], pool[w1 + f], pool[w2 + f], pool[w3 + f]));
    }
    sum = fma(vec4f(weight), product, sum);
    x += width;
  }
  for (var c = 0u; c < min(4u, params.columns - column); c++) {
    let at = row * params.columns + column + c;
    y[at] = residual[at] + sum[c];
  }
}
