// Writes what a cache keeps of each row side by side: [c | k_rope] of latent attention, [k | v] of grouped queries.
// a: (N, FIRST)   b: (N, SECOND)   cache: (N, FIRST + SECOND)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  first: u32,
  second: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> cache: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let width = params.first + params.second;
  let i = flat_index(id, groups);
  if (i >= params.rows * width) { return; }
  let n = i / width;
  let column = i % width;
  var value = 0.0;
  if (column < params.first) {
    value = a[n * params.first + column];
  } else {
    value = b[n * params.second + column - params.first];
  }
  cache[i] = value;
}
