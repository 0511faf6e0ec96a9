// Last of three kernels that sort slots by key: each invocation places the slots of its own block, in order.
// order: slot at each sorted place   place: (S) sorted place of each slot, INVALID for slots left out
import package::lib::index::flat_index;

struct Params {
  size: u32,
  buckets: u32,
  block_size: u32,
}

const INVALID = 0xffffffffu;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(0) @binding(3) var<storage, read_write> block_counts: array<u32>;
@group(0) @binding(4) var<storage, read_write> order: array<u32>;
@group(0) @binding(5) var<storage, read_write> place: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = flat_index(id, groups);
  let first = block * params.block_size;
  if (first >= params.size) { return; }
  let row = block * params.buckets;
  for (var i = first; i < min(first + params.block_size, params.size); i++) {
    let key = keys[i];
    if (key >= params.buckets) {
      place[i] = INVALID;
      continue;
    }
    let at = offsets[key] + block_counts[row + key];
    block_counts[row + key]++;
    order[at] = i;
    place[i] = at;
  }
}
