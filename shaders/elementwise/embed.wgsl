// Embedding lookup.  y[n] = table[ids[n]]
// ids: (N)   table: (V, D)   y: (N, D)          Called by graph/operations/embed.ts.
import package::lib::index::flat_index;
import package::lib::vectors::Weight;

struct Params {
  rows: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<Weight>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.rows * params.width) { return; }
  let row = i / params.width;
  y[i] = f32(table[ids[row] * params.width + i % params.width]);
}
