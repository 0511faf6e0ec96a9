// Sums of squares of the pooled gradient, one chunk for ROW_THREADS threads.     gradient: (size)   partials: (chunks)
import package::lib::reduce::{WORKGROUP, row_index, row_sum};
import constants::ROW_THREADS;

struct Params {
  size: u32,
  chunk: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup: u32,
) {
  @if(!subgroups) const subgroup = 1u;
  let chunk = row_index(group, groups, index);
  let first = chunk * params.chunk;
  var sum = 0.0;
  for (var i = first + index % ROW_THREADS; i < min(first + params.chunk, params.size); i += ROW_THREADS) {
    sum += gradient[i] * gradient[i];
  }
  sum = row_sum(sum, index, subgroup);
  if (first < params.size && index % ROW_THREADS == 0u) { partials[chunk] = sum; }
}
