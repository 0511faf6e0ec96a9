// y[n] = x[n] + bias.     x, y: (N, D)   bias: (D)
import package::lib::index::flat_index;
import package::lib::vectors::Weight;

struct Params {
  size: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<Weight>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.size) { return; }
  y[i] = x[i] + f32(bias[i % params.width]);
}
