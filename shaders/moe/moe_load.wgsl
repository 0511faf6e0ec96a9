// Adds up the tokens sent to each expert: over all that is logged together, and over the step that is balanced next.
// counts, load, step_load: (E)
struct Params {
  num_experts: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> load: array<u32>;
@group(0) @binding(3) var<storage, read_write> step_load: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.num_experts) { return; }
  load[id.x] += counts[id.x];
  step_load[id.x] += counts[id.x];
}
