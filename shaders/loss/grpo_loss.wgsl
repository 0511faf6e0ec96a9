// The GRPO loss of TRL (trl/trainer/grpo_trainer.py, _compute_loss), one sequence an invocation: slopes of the loss in each
// token's log-probability and entropy, and sums for the metrics. Its reference is src/reference/grpoLoss.ts.
// log_prob, entropy, ref_log_prob: (N) at the places that predict a completion's tokens
// old_log_prob: (N) of (the old policy's, that by which the sampler drew the token)
// slopes: (N) of (dLoss/dlogp, dLoss/dentropy), zero outside the sequences (cleared by the caller)
struct Params {
  max_sequences: u32,
}

struct Settings {
  num_sequences: u32,
  // One of the terms below.
  policy_term: u32,
  sequence_level: u32,
  // 1: the sampling policy is this model, so that the old log-probabilities are its own.
  on_policy: u32,
  correct_kl: u32,
  epsilon_low: f32,
  epsilon_high: f32,
  // Largest ratio of the unclipped term; 0 for none.
  delta: f32,
  beta: f32,
  // entropy_coef over the number of tokens that count.
  entropy_weight: f32,
}

struct Sequence {  // First place that counts, and how many do.
  first: u32,
  count: u32,
  advantage: f32,
  // What one token's loss is multiplied by.
  weight: f32,
}

struct Sums {
  loss: f32,
  kl: f32,
  entropy: f32,
  clipped_low: f32,
  clipped_high: f32,
  sampling_difference: f32,
  sampling_difference_max: f32,
  ratio: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> settings: Settings;
@group(0) @binding(2) var<storage, read> sequences: array<Sequence>;
@group(0) @binding(3) var<storage, read> log_prob: array<f32>;
@group(0) @binding(4) var<storage, read> entropy: array<f32>;
@group(0) @binding(5) var<storage, read> old_log_prob: array<vec2f>;
@group(0) @binding(6) var<storage, read> ref_log_prob: array<f32>;
@group(0) @binding(7) var<storage, read_write> slopes: array<vec2f>;
@group(0) @binding(8) var<storage, read_write> sums: array<Sums>;

const CLIPPED = 0u;
const CAPPED = 1u;
// SAPO's, with the temperatures that TRL has unless told otherwise.
const GATED = 2u;

// Value, slope in the token's own log-probability, slope in the log of the importance ratio.
fn policy_term(ratio: f32, advantage: f32, logp: f32) -> vec3f {
  if (settings.policy_term == CAPPED) {
    let capped = min(ratio, settings.epsilon_high);
    return vec3f(-capped * advantage * logp, -capped * advantage, 0.0);
  }
  if (settings.policy_term == GATED) {
    let temperature = select(1.05, 1.0, advantage > 0.0);
    let gate = 1.0 / (1.0 + exp(-temperature * (ratio - 1.0)));
    return vec3f(-4.0 / temperature * gate * advantage, 0.0, -4.0 * gate * (1.0 - gate) * ratio * advantage);
  }
  let bounded = select(ratio, min(ratio, settings.delta), settings.delta > 0.0);
  let clipped = clamp(ratio, 1.0 - settings.epsilon_low, 1.0 + settings.epsilon_high);
  let is_bounded = bounded * advantage <= clipped * advantage;
  let chosen = select(clipped, bounded, is_bounded);
  // A term that its bound cut off is constant. Of equal terms both move or neither does.
  return vec3f(-chosen * advantage, 0.0, select(0.0, -ratio * advantage, chosen == ratio));
}

// k3 estimate of KL(model ‖ reference) (http://joschu.net/blog/kl-approx.html), with the same slopes.
fn kl_term(logp: f32, reference: f32, ratio: f32) -> vec3f {
  let difference = reference - logp;
  let growth = exp(difference);
  let k3 = growth - difference - 1.0;
  if (settings.correct_kl == 1u) { return vec3f(ratio * k3, ratio * (1.0 - growth), ratio * k3); }
  return vec3f(k3, 1.0 - growth, 0.0);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= min(settings.num_sequences, params.max_sequences)) { return; }
  let s = sequences[id.x];
  let end = s.first + s.count;
  var sum = Sums();
  var log_ratio_sum = 0.0;
  for (var n = s.first; n < end; n++) {
    let difference = abs(log_prob[n] - old_log_prob[n].y);
    sum.sampling_difference += difference;
    sum.sampling_difference_max = max(sum.sampling_difference_max, difference);
    if (settings.on_policy == 0u) { log_ratio_sum += log_prob[n] - old_log_prob[n].x; }
  }
  let sequence_ratio = exp(log_ratio_sum / f32(max(s.count, 1u)));
  sum.ratio = sequence_ratio;
  var sequence_slope = 0.0;
  for (var n = s.first; n < end; n++) {
    let logp = log_prob[n];
    var ratio = sequence_ratio;
    if (settings.sequence_level == 0u) {
      ratio = select(exp(logp - old_log_prob[n].x), 1.0, settings.on_policy == 1u);
    }
    var term = policy_term(ratio, s.advantage, logp);
    if (settings.beta > 0.0) {
      let kl = kl_term(logp, ref_log_prob[n], ratio);
      sum.kl += kl.x;
      term += settings.beta * kl;
    }
    term *= s.weight;
    sum.loss += term.x - settings.entropy_weight * entropy[n];
    sum.entropy += entropy[n];
    var slope = term.y;
    if (settings.sequence_level == 1u) { sequence_slope += term.z / f32(s.count); } else { slope += term.z; }
    slopes[n] = vec2f(slope, -settings.entropy_weight);
    let is_bounded = settings.delta > 0.0 && settings.policy_term == CLIPPED;
    let bounded = select(ratio, min(ratio, settings.delta), is_bounded);
    if (bounded < 1.0 - settings.epsilon_low && s.advantage < 0.0) { sum.clipped_low += 1.0; }
    let ceiling = select(1.0 + settings.epsilon_high, settings.epsilon_high, settings.policy_term == CAPPED);
    if (bounded > ceiling && s.advantage > 0.0) { sum.clipped_high += 1.0; }
  }
  if (settings.sequence_level == 1u) {
    for (var n = s.first; n < end; n++) { slopes[n].x += sequence_slope; }
  }
  sums[id.x] = sum;
}
