// y = a + b, elementwise.
import package::lib::index::flat_index;
import package::lib::vectors::Vector;

struct Params {
  size: u32,   // in Vectors
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<Vector>;
@group(0) @binding(2) var<storage, read> b: array<Vector>;
@group(0) @binding(3) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.size) { return; }
  y[i] = a[i] + b[i];
}
