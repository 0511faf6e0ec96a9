// delta = dy·y of every query and head: what its softmax takes off each score's gradient (FlashAttention-2, Dao 2023).
// y, dy: (N, H, VALUE)   delta: (N, H)   VALUE counts Vectors.
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, vector_sum};
import constants::VALUE;

struct Params {
  items: u32,   // N·H
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<Vector>;
@group(0) @binding(2) var<storage, read> dy: array<Vector>;
@group(0) @binding(3) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.items) { return; }
  var sum = 0.0;
  for (var c = 0u; c < VALUE; c++) { sum += vector_sum(y[i * VALUE + c] * dy[i * VALUE + c]); }
  delta[i] = sum;
}
