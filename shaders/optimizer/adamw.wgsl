// AdamW over the pooled parameters (Loshchilov & Hutter 2019; torch.optim.AdamW), and the gradient cleared for the next step.
// p ← p·(1 − lr·wd);  m ← β1·m + (1−β1)·g;  v ← β2·v + (1−β2)·g²;  p ← p − lr/(1−β1ᵗ) · m / (√(v/(1−β2ᵗ)) + ε)
// half: the new weights are also kept in half precision, for the model to read.
// undecayed: a bit for each block of numbers, set where weight decay leaves them alone. All other arrays: (size)
@if(half) import package::lib::half::to_half;
import package::lib::index::flat_index;
import package::lib::optimizer::{Settings, State};
import constants::DECAY_BLOCK;

struct Params {
  size: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> settings: Settings;
@group(0) @binding(2) var<storage, read> state: State;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(5) var<storage, read_write> first_moment: array<f32>;
@group(0) @binding(6) var<storage, read_write> second_moment: array<f32>;
@group(0) @binding(7) var<storage, read> undecayed: array<u32>;
@if(half) @group(0) @binding(8) var<storage, read_write> halves: array<f16>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  if (i >= params.size) { return; }
  let g = gradient[i] * state.scale;
  gradient[i] = 0.0;
  if (state.proceed == 0u) { return; }
  let m = settings.beta1 * first_moment[i] + (1.0 - settings.beta1) * g;
  let v = settings.beta2 * second_moment[i] + (1.0 - settings.beta2) * g * g;
  first_moment[i] = m;
  second_moment[i] = v;
  let denominator = sqrt(v / (1.0 - state.beta2_power)) + settings.epsilon;
  let block = i / DECAY_BLOCK;
  let decays = extractBits(undecayed[block / 32u], block % 32u, 1u) == 0u;
  let kept = weights[i] * (1.0 - settings.learning_rate * select(0.0, settings.weight_decay, decays));
  let weight = kept - settings.learning_rate / (1.0 - state.beta1_power) * m / denominator;
  weights[i] = weight;
  @if(half) halves[i] = to_half(weight);
}
