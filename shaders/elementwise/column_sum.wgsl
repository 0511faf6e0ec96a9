// y[c] += Σ_rows x[row, c], added to what is there.     x: (rows, width)   y: (width), in Vectors
import package::lib::index::flat_index;
import package::lib::vectors::Vector;

struct Params {
  rows: u32,
  width: u32,   // in Vectors
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let column = flat_index(id, groups);
  if (column >= params.width) { return; }
  var sum = Vector(0.0);
  for (var row = 0u; row < params.rows; row++) { sum += x[row * params.width + column]; }
  y[column] += sum;
}
