// Gradient of RMS norm in x, one row an invocation.
// dx = r·(w·dy) − x·r³·mean(x·w·dy)      (from y = w·x·r, r = (mean(x²) + EPS)^−½)
// x: (N, D) in rows of x_stride   dy: (N, D)   dx: (N, D) in rows of dx_stride. Widths and strides count Lanes.
// plus: addend, laid out as dx, is added.
import package::lib::index::flat_index;
import package::lib::lanes::{Lane, LANES, lane_sum};

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  dx_stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read> weight: array<Lane>;
@group(0) @binding(3) var<storage, read> inverse_rms: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<Lane>;
@group(0) @binding(5) var<storage, read_write> dx: array<Lane>;
@if(plus) @group(0) @binding(6) var<storage, read> addend: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let base = row * params.x_stride;
  let r = inverse_rms[row];
  var parts = Lane();
  for (var c = 0u; c < params.width; c++) {
    parts += x[base + c] * weight[c] * dy[row * params.width + c];
  }
  let pull = r * r * r * lane_sum(parts) / f32(params.width * LANES);
  for (var c = 0u; c < params.width; c++) {
    let at = row * params.dx_stride + c;
    let slope = r * weight[c] * dy[row * params.width + c] - x[base + c] * pull;
    @if(plus) dx[at] = addend[at] + slope;
    @if(!plus) dx[at] = slope;
  }
}
