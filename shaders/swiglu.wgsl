// y = silu(gate) · up.     x: (N, 2F), gate columns first   y: (N, F)
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, lane_sigmoid};

struct Params {
  rows: u32,
  width: u32,   // F, in Lanes
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read_write> y: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.width) { return; }
  let at = (i / params.width) * 2u * params.width + i % params.width;
  let gate = x[at];
  y[i] = gate * lane_sigmoid(gate) * x[at + params.width];
}
