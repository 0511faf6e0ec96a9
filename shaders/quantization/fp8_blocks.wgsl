// y = x, blocks of matrices in eight bits with a scale each; a workgroup a block.   x, y: pools of parameters
// blocks: where each starts, its rows and columns, and numbers from row to row: 0 for numbers that stay as they are.
import package::lib::e4m3::{round_scaled, size_bits, tile_scale};

struct Params {
  count: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> blocks: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

var<workgroup> shared_largest: atomic<u32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let number = group.y * groups.x + group.x;
  var block = vec4u();
  if (number < params.count) { block = blocks[number]; }
  let columns = max(block.z, 1u);
  let size = block.y * columns;
  var largest = 0u;
  for (var i = index; i < size; i += 64u) {
    largest = max(largest, size_bits(x[block.x + i / columns * block.w + i % columns]));
  }
  atomicMax(&shared_largest, largest);
  workgroupBarrier();
  let scale = select(tile_scale(atomicLoad(&shared_largest)), 0.0, block.w == 0u);
  for (var i = index; i < size; i += 64u) {
    let at = block.x + i / columns * block.w + i % columns;
    y[at] = round_scaled(x[at], scale);
  }
}
