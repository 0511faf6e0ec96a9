// Gradient of RMS norm in its weight, summed over blocks of rows; column_sum.wgsl adds the blocks.
// partials[block, c] = Σ_{rows of block} dy[row, c]·x[row, c]·r[row]
// x: (N, D) in rows of x_stride   dy: (N, D)   partials: (ceil(N / BLOCK_ROWS), D)
// Widths and strides count Vectors.
import package::lib::index::flat_index;
import package::lib::vectors::Vector;

struct Params {
  rows: u32,
  width: u32,
  x_stride: u32,
  block_rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Vector>;
@group(0) @binding(2) var<storage, read> inverse_rms: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Vector>;
@group(0) @binding(4) var<storage, read_write> partials: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let column = i % params.width;
  let first = (i / params.width) * params.block_rows;
  if (first >= params.rows) { return; }
  let end = min(first + params.block_rows, params.rows);
  var sum = Vector();
  for (var row = first; row < end; row++) {
    sum += dy[row * params.width + column] * x[row * params.x_stride + column] * inverse_rms[row];
  }
  partials[i] = sum;
}
