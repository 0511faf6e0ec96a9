// RMS norm, one row for ROW_THREADS threads.  y = w * x * r,  r = 1 / sqrt(mean(x²) + EPS)
// x: (N, D) in rows of x_stride   w: (D)   y: (N, D)   r: (N), kept for the gradient
// Widths and strides count Vectors.
import package::lib::vectors::{Vector, VECTOR_SIZE, WeightVector, vector_sum};
import package::lib::reduce::{WORKGROUP, row_index, row_sum};
import constants::ROW_THREADS;

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read> weight: array<WeightVector>;
@group(0) @binding(3) var<storage, read_write> y: array<Vector>;
@group(0) @binding(4) var<storage, read_write> inverse_rms: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup: u32,
) {
  @if(!subgroups) const subgroup = 1u;
  let row = row_index(group, groups, index);
  let first = index % ROW_THREADS;
  let width = select(0u, params.width, row < params.rows);
  let base = row * params.x_stride;
  var parts = Vector();
  for (var c = first; c < width; c += ROW_THREADS) {
    parts += x[base + c] * x[base + c];
  }
  let sum = row_sum(vector_sum(parts), index, subgroup);
  let r = 1.0 / sqrt(sum / f32(params.width * VECTOR_SIZE) + params.epsilon);
  if (first == 0u && row < params.rows) { inverse_rms[row] = r; }
  for (var c = first; c < width; c += ROW_THREADS) {
    y[row * params.width + c] = Vector(weight[c]) * (x[base + c] * r);
  }
}
