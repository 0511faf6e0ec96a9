// Gradient of the embedding table: each vocabulary entry sums the rows of its tokens, in the order of a stable sort by id,
// so the sum needs no atomics and repeats bit for bit.   d_table[v] += Σ_{n: ids[n]=v} dy[n]
// order: token at each sorted place   offsets, counts: (V) segment of each entry   dy: (N, D)   d_table: (V, D)
import package::lib::index::flat_index;

struct Params {
  vocabulary: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read> offsets: array<u32>;
@group(0) @binding(3) var<storage, read> counts: array<u32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> d_table: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.vocabulary * params.width) { return; }
  let entry = i / params.width;
  let column = i % params.width;
  let first = offsets[entry];
  let end = first + counts[entry];
  var sum = 0.0;
  for (var p = first; p < end; p++) {
    sum += dy[order[p] * params.width + column];
  }
  d_table[i] += sum;
}
