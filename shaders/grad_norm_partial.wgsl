// Sums of squares of the pooled gradient, one chunk an invocation.     gradient: (size)   partials: (chunks)
import package::lib::index::flat_index;

struct Params {
  size: u32,
  chunk: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let chunk = flat_index(id, groups);
  let first = chunk * params.chunk;
  if (first >= params.size) { return; }
  var sum = 0.0;
  for (var i = first; i < min(first + params.chunk, params.size); i++) {
    sum += gradient[i] * gradient[i];
  }
  partials[chunk] = sum;
}
