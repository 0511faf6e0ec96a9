// Some columns of a matrix.  y[n, c] = x[n, first + c]
// x: (N) rows of `stride` numbers   y: (N, count)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  count: u32,
  // First column.
  first: u32,
  stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.count) { return; }
  y[i] = x[i / params.count * params.stride + params.first + i % params.count];
}
