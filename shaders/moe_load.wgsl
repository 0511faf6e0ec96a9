// load[e] += counts[e]: tokens sent to each expert since the counts were last cleared.
struct Params {
  num_experts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> load: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.num_experts) { return; }
  load[id.x] += counts[id.x];
}
