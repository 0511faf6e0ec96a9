// The loss of pairs of which one is preferred, one pair an invocation: DPO's of TRL (trl/trainer/dpo_trainer.py,
// _compute_loss) over log-probabilities, Bradley–Terry's (trl/trainer/reward_trainer.py) over grades. Its reference is
// src/reference/preferenceLoss.ts.
// x: (N)   slopes: dLoss/dx at n·slope_stride, zero elsewhere (cleared by the caller)
struct Params {
  max_pairs: u32,
  slope_stride: u32,
}

struct Settings {
  num_pairs: u32,
  // One of the terms below.
  term: u32,
  // 1: a side's score is divided by its count.
  mean: u32,
  beta: f32,
  // ε of the robust loss.
  label_smoothing: f32,
  center: f32,
  // What a pair's loss is multiplied by.
  weight: f32,
}

struct Pair {
  chosen_first: u32,
  chosen_count: u32,
  rejected_first: u32,
  rejected_count: u32,
  // What is taken from each sum.
  chosen_offset: f32,
  rejected_offset: f32,
}

struct Sums {
  loss: f32,
  chosen: f32,
  rejected: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> settings: Settings;
@group(0) @binding(2) var<storage, read> pairs: array<Pair>;
@group(0) @binding(3) var<storage, read> x: array<f32>;
@group(0) @binding(4) var<storage, read_write> slopes: array<f32>;
@group(0) @binding(5) var<storage, read_write> sums: array<Sums>;

const SIGMOID = 0u;
const HINGE = 1u;
const IPO = 2u;

fn score(first: u32, count: u32, offset: f32) -> f32 {
  var sum = -offset;
  for (var n = first; n < first + count; n++) { sum += x[n]; }
  return sum;
}

fn spread(first: u32, count: u32, slope: f32) {
  for (var n = first; n < first + count; n++) { slopes[n * params.slope_stride] = slope; }
}

// −log σ(z), without overflow.
fn softplus_of_negative(z: f32) -> f32 {
  return max(-z, 0.0) + log(1.0 + exp(-abs(z)));
}

// Loss of a margin, and its slope.
fn margin_term(margin: f32) -> vec2f {
  let z = settings.beta * margin;
  if (settings.term == HINGE) { return vec2f(max(0.0, 1.0 - z), select(0.0, -settings.beta, z < 1.0)); }
  if (settings.term == IPO) {
    let error = margin - 0.5 / settings.beta;
    return vec2f(error * error, 2.0 * error);
  }
  let flipped = settings.label_smoothing;
  let small = exp(-abs(z));
  let near = 1.0 / (1.0 + small);
  // σ(z) and σ(−z), each without cancellation.
  let sigma = select(small * near, near, z >= 0.0);
  let other = select(near, small * near, z >= 0.0);
  let loss = (1.0 - flipped) * softplus_of_negative(z) - flipped * softplus_of_negative(-z);
  let slope = -settings.beta * ((1.0 - flipped) * other + flipped * sigma);
  return vec2f(loss, slope) / (1.0 - 2.0 * flipped);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= min(settings.num_pairs, params.max_pairs)) { return; }
  let p = pairs[id.x];
  let chosen = score(p.chosen_first, p.chosen_count, p.chosen_offset);
  let rejected = score(p.rejected_first, p.rejected_count, p.rejected_offset);
  let chosen_scale = select(1.0, 1.0 / f32(max(p.chosen_count, 1u)), settings.mean == 1u);
  let rejected_scale = select(1.0, 1.0 / f32(max(p.rejected_count, 1u)), settings.mean == 1u);
  let term = margin_term(chosen * chosen_scale - rejected * rejected_scale);
  let both = chosen + rejected;
  let centering = 2.0 * settings.center * both;
  spread(p.chosen_first, p.chosen_count, settings.weight * (term.y * chosen_scale + centering));
  spread(p.rejected_first, p.rejected_count, settings.weight * (centering - term.y * rejected_scale));
  sums[id.x] = Sums(settings.weight * (term.x + settings.center * both * both), chosen, rejected);
}
