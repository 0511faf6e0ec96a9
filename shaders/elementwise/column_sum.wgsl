// y[c] += Σ_rows x[row, c], added to what is there.     x: (rows, width)   y: (width), in Lanes
import package::lib::index::flat_index;
import package::lib::lanes::Lane;

struct Params {
  rows: u32,
  width: u32,   // in Lanes
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Lane>;
@group(0) @binding(2) var<storage, read_write> y: array<Lane>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let column = flat_index(id, groups);
  if (column >= params.width) { return; }
  var sum = Lane(0.0);
  for (var row = 0u; row < params.rows; row++) { sum += x[row * params.width + column]; }
  y[column] += sum;
}
