// y ← α·x + (1 − α)·y: moves a reference model toward the model (TRL's sync_ref_model).
import package::lib::index::flat_index;

struct Params {
  size: u32,
  alpha: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.size) { return; }
  y[i] = params.alpha * x[i] + (1.0 - params.alpha) * y[i];
}
