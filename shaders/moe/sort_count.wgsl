// First of three kernels that sort slots by key, stably and without atomics. Each invocation counts the keys of its own block.
// keys: (S), keys ≥ buckets are left out   block_counts: (blocks, buckets)
import package::lib::index::flat_index;

struct Params {
  size: u32,
  buckets: u32,
  block_size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read_write> block_counts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = flat_index(id, groups);
  let first = block * params.block_size;
  if (first >= params.size) { return; }
  let row = block * params.buckets;
  for (var b = 0u; b < params.buckets; b++) { block_counts[row + b] = 0u; }
  for (var i = first; i < min(first + params.block_size, params.size); i++) {
    let key = keys[i];
    if (key < params.buckets) { block_counts[row + key]++; }
  }
}
