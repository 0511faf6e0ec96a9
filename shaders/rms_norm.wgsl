// RMS norm, one row an invocation.  y = w * x * r,  r = 1 / sqrt(mean(x²) + EPS)
// x: (N, D) in rows of x_stride   w: (D)   y: (N, D)   r: (N), kept for the gradient
// Widths and strides count Lanes.
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, lane_sum};

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read> weight: array<Lane>;
@group(0) @binding(3) var<storage, read_write> y: array<Lane>;
@group(0) @binding(4) var<storage, read_write> inverse_rms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let base = row * params.x_stride;
  var parts = Lane();
  for (var c = 0u; c < params.width; c++) {
    parts += x[base + c] * x[base + c];
  }
  let r = 1.0 / sqrt(lane_sum(parts) / f32(params.width * LANES) + params.epsilon);
  inverse_rms[row] = r;
  for (var c = 0u; c < params.width; c++) {
    y[row * params.width + c] = weight[c] * (x[base + c] * r);
  }
}
