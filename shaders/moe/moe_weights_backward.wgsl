// Gradient of the weighted gather in the weights.  d_weights[slot] = dy[slot / TOP_K] · x[place[slot]]
// x: (P, D)   place, d_weights: (N, TOP_K)   dy: (N, D); D counts Vectors.
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, vector_sum};
import constants::TOP_K;

struct Params {
  slots: u32,
  width: u32,
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read> place: array<u32>;
@group(0) @binding(3) var<storage, read> dy: array<Vector>;
@group(0) @binding(4) var<storage, read_write> d_weights: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let slot = flat_index(id, groups);
  if (slot >= params.slots) { return; }
  let p = place[slot];
  var parts = Vector();
  if (p != INVALID) {
    for (var c = 0u; c < params.width; c++) {
      parts += dy[(slot / TOP_K) * params.width + c] * x[p * params.width + c];
    }
  }
  d_weights[slot] = vector_sum(parts);
}
