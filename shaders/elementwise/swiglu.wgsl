// y = silu(gate) · up.     x: (N, 2F), gate columns first   y: (N, F), F = WIDTH Vectors
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, vector_sigmoid};
import constants::WIDTH;

struct Params {
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * WIDTH) { return; }
  let at = (i / WIDTH) * 2u * WIDTH + i % WIDTH;
  let gate = x[at];
  y[i] = gate * vector_sigmoid(gate) * x[at + WIDTH];
}
