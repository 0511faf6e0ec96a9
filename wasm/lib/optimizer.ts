// What the optimizer's operations share; written and read by src/trainer/optimizer/optimizer.ts.

@unmanaged
export class Settings {
  learning_rate: f32;
  beta1: f32;
  beta2: f32;
  epsilon: f32;
  weight_decay: f32;
  max_norm: f32;
}

@unmanaged
export class State {
  /** β1 and β2 to the power of the steps taken. */
  beta1_power: f32;
  beta2_power: f32;
  norm: f32;
  scale: f32;
  steps: u32;
  skipped: u32;
  /** 1: this step updates; 0: it is skipped. */
  proceed: u32;
}
