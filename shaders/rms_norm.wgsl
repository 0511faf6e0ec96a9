// RMS norm, one row an invocation.  y = w * x * r,  r = 1 / sqrt(mean(x²) + EPS)
// x: (N, D) in rows of x_stride   w: (D)   y: (N, D)   r: (N), kept for the gradient
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> inverse_rms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let base = row * params.x_stride;
  var sum = 0.0;
  for (var c = 0u; c < params.width; c++) {
    sum += x[base + c] * x[base + c];
  }
  let r = 1.0 / sqrt(sum / f32(params.width) + params.epsilon);
  inverse_rms[row] = r;
  for (var c = 0u; c < params.width; c++) {
    y[row * params.width + c] = weight[c] * (x[base + c] * r);
  }
}
