// y[n, c] = Σ_h x[n, h, c]: what heads ask of a key that they share.     x: (N, H, W) from x_offset   y: (N, W)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  heads: u32,
  width: u32,
  x_offset: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.width) { return; }
  var at = params.x_offset + (i / params.width) * params.heads * params.width + i % params.width;
  var sum = 0.0;
  for (var head = 0u; head < params.heads; head++) {
    sum += x[at];
    at += params.width;
  }
  y[i] = sum;
}
