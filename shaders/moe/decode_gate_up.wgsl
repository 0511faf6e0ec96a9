// Norm, gate and up projection, SwiGLU, for a row's chosen experts and then for the shared one (or the dense layer's
// only one). An invocation has two hidden numbers: their gates and ups are four columns. The norm's factor is one for a
// whole row, so it is summed up on the way.
// x: (B, depth)   pool: the norm (depth), routed (E, 2·ROUTED, depth) and shared (2·SHARED, depth), gate rows first
// experts: (B, TOP_K)   y: (B, TOP_K·ROUTED + SHARED)
import package::lib::activations::sigmoid;
import package::lib::columns::{add_product, weight_columns};
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, VECTOR_SIZE, vector_sum, WeightVector};
import constants::{TOP_K, ROUTED, SHARED};

struct Params {
  rows: u32,
  // In Vectors.
  depth: u32,
  num_experts: u32,
  norm_at: u32,
  routed_at: u32,
  shared_at: u32,
  epsilon: f32,
}

const WIDTH = TOP_K * ROUTED + SHARED;
const ROUTED_PAIRS = (ROUTED + 1u) / 2u;
const SHARED_PAIRS = (SHARED + 1u) / 2u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read> pool: array<WeightVector>;
@if(routed) @group(0) @binding(3) var<storage, read> experts: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  const pairs = TOP_K * ROUTED_PAIRS + SHARED_PAIRS;
  let i = flat_index(id, groups);
  let row = i / pairs;
  if (row >= params.rows) { return; }
  var pair = i % pairs;
  var w = params.shared_at / VECTOR_SIZE;
  var width = u32(SHARED);
  var y_at = row * WIDTH;
  @if(routed) {
    if (pair < TOP_K * ROUTED_PAIRS) {
      let slot = pair / ROUTED_PAIRS;
      // A row of no rollout has no expert; what is computed for it is not used.
      let expert = min(experts[row * TOP_K + slot], params.num_experts - 1u);
      w = params.routed_at / VECTOR_SIZE + expert * 2u * ROUTED * params.depth;
      width = ROUTED;
      y_at += slot * ROUTED;
      pair -= slot * ROUTED_PAIRS;
    } else {
      y_at += TOP_K * ROUTED;
      pair -= TOP_K * ROUTED_PAIRS;
    }
  }
  let first = pair * 2u;
  let second = min(first + 1u, width - 1u);
  let gate0 = w + first * params.depth;
  let gate1 = w + second * params.depth;
  let up0 = gate0 + width * params.depth;
  let up1 = gate1 + width * params.depth;
  var sums = vec4f(0.0);
  var squares = Vector();
  for (var k = 0u; k < params.depth; k++) {
    let value = x[row * params.depth + k];
    let m = weight_columns(pool[gate0 + k], pool[gate1 + k], pool[up0 + k], pool[up1 + k]);
    sums = add_product(sums, value * Vector(pool[params.norm_at / VECTOR_SIZE + k]), m);
    squares = fma(value, value, squares);
  }
  sums *= 1.0 / sqrt(vector_sum(squares) / f32(params.depth * VECTOR_SIZE) + params.epsilon);
  y[y_at + first] = sums.x * sigmoid(sums.x) * sums.z;
  y[y_at + second] = sums.y * sigmoid(sums.y) * sums.w;
}
