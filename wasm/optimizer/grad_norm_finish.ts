// Gradient norm, clipping scale and bias corrections: shaders/optimizer/grad_norm_finish.wgsl.
import { Settings, State } from '../lib/optimizer';
import { sum } from '../lib/sums';
import { Address } from '../lib/types';

@unmanaged
class GradNormFinish {
  partials: Address;
  settings: Address;
  state: Address;
  size: u32;
}

export function grad_norm_finish_units(args: GradNormFinish): u32 {
  return 1;
}

export function grad_norm_finish(args: GradNormFinish, unit: u32): void {
  const settings = changetype<Settings>(args.settings);
  const state = changetype<State>(args.state);
  const squares = sum(args.partials, args.size);
  if (!isFinite<f32>(squares)) {
    state.norm = squares;
    state.proceed = 0;
    state.skipped += 1;
    return;
  }
  const norm = sqrt<f32>(squares);
  state.norm = norm;
  state.scale = min<f32>(1, settings.max_norm / (norm + 1e-6));
  state.beta1_power *= settings.beta1;
  state.beta2_power *= settings.beta2;
  state.steps += 1;
  state.proceed = 1;
}
