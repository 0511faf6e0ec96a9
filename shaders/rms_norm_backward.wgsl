// Gradient of RMS norm in x, one row an invocation.
// dx = r·(w·dy) − x·r³·mean(x·w·dy)      (from y = w·x·r, r = (mean(x²) + EPS)^−½)
// x: (N, D) in rows of x_stride   dy: (N, D)   dx: (N, D) in rows of dx_stride
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  dx_stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(3) var<storage, read> inverse_rms: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let base = row * params.x_stride;
  let r = inverse_rms[row];
  var dot = 0.0;
  for (var c = 0u; c < params.width; c++) {
    dot += x[base + c] * weight[c] * dy[row * params.width + c];
  }
  let pull = r * r * r * dot / f32(params.width);
  for (var c = 0u; c < params.width; c++) {
    dx[row * params.dx_stride + c] = r * weight[c] * dy[row * params.width + c] - x[base + c] * pull;
  }
}
