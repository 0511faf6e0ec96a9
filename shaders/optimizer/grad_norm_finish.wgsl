// Gradient norm, clipping scale and AdamW's bias corrections, by one workgroup. A norm that is not finite skips the step.
// scale = min(1, max_norm / (norm + 1e-6))   (torch.nn.utils.clip_grad_norm_)
import package::lib::finite::is_finite;
import package::lib::optimizer::{Settings, State};

struct Params {
  size: u32,
}

const INVOCATIONS = 64u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read> settings: Settings;
@group(0) @binding(3) var<storage, read_write> state: State;

var<workgroup> sums: array<f32, INVOCATIONS>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = lane; i < params.size; i += INVOCATIONS) { sum += partials[i]; }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) { return; }
  for (var i = 1u; i < INVOCATIONS; i++) { sum += sums[i]; }
  if (!is_finite(sum)) {
    state.norm = sum;
    state.proceed = 0u;
    state.skipped++;
    return;
  }
  let norm = sqrt(sum);
  state.norm = norm;
  state.scale = min(1.0, settings.max_norm / (norm + 1e-6));
  state.beta1_power *= settings.beta1;
  state.beta2_power *= settings.beta2;
  state.steps++;
  state.proceed = 1u;
}
