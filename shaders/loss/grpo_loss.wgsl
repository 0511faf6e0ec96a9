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
  // entropy_coef over the number of tokens that it acts on.
  entropy_weight: f32,
  // What shapes the term of an encouraged answer, and of a discouraged one: GATED (temperature, 0), WEIGHED (k, λ).
  shape_up: vec2f,
  shape_down: vec2f,
  // A discouraged answer that is so much unlikelier than when it was drawn, in nats a token, is left out; 0 for none.
  off_policy_threshold: f32,
  // Entropy below which a token has no part in the policy's term, nor in the bonus.
  least_entropy: f32,
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
  // Weight of the sequence; only of the term WEIGHED.
  gamma: f32,
  // Tokens of at least the least entropy, and what they have together.
  undecided: f32,
  undecided_entropy: f32,
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
// SAPO's.
const GATED = 2u;
// VESPO's.
const WEIGHED = 3u;

// Bounds of TRL's: of a token's log-ratio, of a sequence's from below (log 1e-8) and above.
const FARTHEST_LOG_RATIO = 20.0;
const LEAST_LOG_RATIO = -18.420681;
// Above it eˣ is more than f32 holds.
const MOST_EXPONENT = 88.7;

// φ(w) = e^λ wᵏ e^(−λw) of a sequence whose tokens' ratios multiply to w.
fn gamma_weight(log_ratio_sum: f32, advantage: f32) -> f32 {
  let log_weight = clamp(log_ratio_sum, LEAST_LOG_RATIO, FARTHEST_LOG_RATIO);
  let shape = select(settings.shape_down, settings.shape_up, advantage >= 0.0);
  let lambda = max(shape.y, 1e-4);
  let exponent = lambda + shape.x * log_weight - lambda * exp(log_weight);
  return select(exp(min(exponent, MOST_EXPONENT)), 0.0, exponent > MOST_EXPONENT);
}

// Value, slope in the token's own log-probability, slope in the log of the importance ratio.
fn policy_term(ratio: f32, advantage: f32, logp: f32, gamma: f32) -> vec3f {
  if (settings.policy_term == WEIGHED) { return vec3f(-gamma * advantage * logp, -gamma * advantage, 0.0); }
  if (settings.policy_term == CAPPED) {
    let capped = min(ratio, settings.epsilon_high);
    return vec3f(-capped * advantage * logp, -capped * advantage, 0.0);
  }
  if (settings.policy_term == GATED) {
    let temperature = select(settings.shape_down.x, settings.shape_up.x, advantage > 0.0);
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
  var bounded_sum = 0.0;
  for (var n = s.first; n < end; n++) {
    let difference = abs(log_prob[n] - old_log_prob[n].y);
    sum.sampling_difference += difference;
    sum.sampling_difference_max = max(sum.sampling_difference_max, difference);
    if (settings.on_policy == 0u) {
      let log_ratio = log_prob[n] - old_log_prob[n].x;
      log_ratio_sum += log_ratio;
      bounded_sum += clamp(log_ratio, -FARTHEST_LOG_RATIO, FARTHEST_LOG_RATIO);
    }
  }
  let mean_log_ratio = log_ratio_sum / f32(max(s.count, 1u));
  let sequence_ratio = exp(mean_log_ratio);
  if (settings.policy_term == WEIGHED) { sum.gamma = gamma_weight(bounded_sum, s.advantage); }
  let is_left_behind = settings.off_policy_threshold > 0.0 && -mean_log_ratio > settings.off_policy_threshold;
  let is_left_out = is_left_behind && s.advantage < 0.0;
  var sequence_slope = 0.0;
  for (var n = s.first; n < end; n++) {
    let logp = log_prob[n];
    var ratio = sequence_ratio;
    if (settings.sequence_level == 0u) {
      ratio = select(exp(logp - old_log_prob[n].x), 1.0, settings.on_policy == 1u);
    }
    let is_undecided = entropy[n] >= settings.least_entropy;
    let has_part = is_undecided && !is_left_out;
    var term = select(vec3f(0.0), policy_term(ratio, s.advantage, logp, sum.gamma), has_part);
    if (settings.beta > 0.0) {
      let kl = kl_term(logp, ref_log_prob[n], ratio);
      sum.kl += kl.x;
      term += settings.beta * kl;
    }
    term *= s.weight;
    let entropy_weight = select(0.0, settings.entropy_weight, is_undecided);
    sum.loss += term.x - entropy_weight * entropy[n];
    sum.entropy += entropy[n];
    sum.undecided += f32(is_undecided);
    sum.undecided_entropy += select(0.0, entropy[n], is_undecided);
    var slope = term.y;
    if (settings.sequence_level == 1u) { sequence_slope += term.z / f32(s.count); } else { slope += term.z; }
    slopes[n] = vec2f(slope, -entropy_weight);
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
