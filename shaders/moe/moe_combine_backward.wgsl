// Gradient of the weighted gather in the sorted rows; rows of padding get zero.
// dx[p] = weights[order[p]] · dy[order[p] / TOP_K]
// order: (P)   weights: (N, TOP_K)   dy: (N, WIDTH)   dx: (P, WIDTH); WIDTH counts Vectors.
import package::lib::index::flat_index;
import package::lib::vectors::Vector;
import constants::{TOP_K, WIDTH};

struct Params {
  rows: u32,   // P
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Vector>;
@group(0) @binding(4) var<storage, read_write> dx: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * WIDTH) { return; }
  let slot = order[i / WIDTH];
  if (slot == INVALID) {
    dx[i] = Vector();
    return;
  }
  dx[i] = weights[slot] * dy[(slot / TOP_K) * WIDTH + i % WIDTH];
}
