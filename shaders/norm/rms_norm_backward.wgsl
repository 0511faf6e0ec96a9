// Gradient of RMS norm in x, one row for ROW_THREADS threads.
// dx = r·(w·dy) − x·r³·mean(x·w·dy)      (from y = w·x·r, r = (mean(x²) + EPS)^−½)
// x: (N, D) in rows of x_stride   dy: (N, D)   dx: (N, D) in rows of dx_stride. Widths and strides count Vectors.
// plus: addend, laid out as dx, is added.
import package::lib::vectors::{Vector, VECTOR_SIZE, WeightVector, vector_sum};
import package::lib::reduce::{WORKGROUP, row_index, row_sum};
import constants::ROW_THREADS;

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  dx_stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read> weight: array<WeightVector>;
@group(0) @binding(3) var<storage, read> inverse_rms: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<Vector>;
@group(0) @binding(5) var<storage, read_write> dx: array<Vector>;
@if(plus) @group(0) @binding(6) var<storage, read> addend: array<Vector>;

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
    parts += x[base + c] * Vector(weight[c]) * dy[row * params.width + c];
  }
  let sum = row_sum(vector_sum(parts), index, subgroup);
  let r = inverse_rms[min(row, params.rows - 1u)];
  let pull = r * r * r * sum / f32(params.width * VECTOR_SIZE);
  for (var c = first; c < width; c += ROW_THREADS) {
    let at = row * params.dx_stride + c;
    let slope = r * Vector(weight[c]) * dy[row * params.width + c] - x[base + c] * pull;
    @if(plus) dx[at] = addend[at] + slope;
    @if(!plus) dx[at] = slope;
  }
}
