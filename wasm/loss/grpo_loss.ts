// The GRPO loss by sequences: shaders/loss/grpo_loss.wgsl, which says what the terms are.
import { exp } from '../lib/exp';
import { scratch } from '../lib/scratch';
import { Address, ceilDiv } from '../lib/types';

@unmanaged
class GrpoLoss {
  settings: Address;
  sequences: Address;
  log_prob: Address;
  entropy: Address;
  old_log_prob: Address;
  ref_log_prob: Address;
  slopes: Address;
  sums: Address;
  max_sequences: u32;
}

@unmanaged
class Settings {
  num_sequences: u32;
  policy_term: u32;
  sequence_level: u32;
  on_policy: u32;
  correct_kl: u32;
  epsilon_low: f32;
  epsilon_high: f32;
  delta: f32;
  beta: f32;
  entropy_weight: f32;
  shape_up: f32;
  lambda_up: f32;
  shape_down: f32;
  lambda_down: f32;
  off_policy_threshold: f32;
  least_entropy: f32;
}

@unmanaged
class Sequence {
  first: u32;
  count: u32;
  advantage: f32;
  weight: f32;
}

@unmanaged
class Sums {
  loss: f32;
  kl: f32;
  entropy: f32;
  clipped_low: f32;
  clipped_high: f32;
  sampling_difference: f32;
  sampling_difference_max: f32;
  gamma: f32;
  undecided: f32;
  undecided_entropy: f32;
}

/** A value, its slope in the token's own log-probability, and that in the log of the importance ratio. */
@unmanaged
class Term {
  value: f32;
  by_log_prob: f32;
  by_log_ratio: f32;
}

/** What is the same for all tokens of a sequence. */
@unmanaged
class Whole {
  ratio: f32;
  is_left_out: bool;
}

const CLIPPED: u32 = 0;
const CAPPED: u32 = 1;
const GATED: u32 = 2;
const WEIGHED: u32 = 3;

const FARTHEST_LOG_RATIO: f32 = 20;
const LEAST_LOG_RATIO: f32 = -18.420681;
const MOST_EXPONENT: f32 = 88.7;

const SEQUENCES_OF_UNIT: u32 = 16;

export function grpo_loss_units(args: GrpoLoss): u32 {
  return ceilDiv(args.max_sequences, SEQUENCES_OF_UNIT);
}

export function grpo_loss(args: GrpoLoss, unit: u32): void {
  const settings = changetype<Settings>(args.settings);
  const end = min(min(settings.num_sequences, args.max_sequences), (unit + 1) * SEQUENCES_OF_UNIT);
  for (let i = unit * SEQUENCES_OF_UNIT; i < end; i++) {
    const sequence = changetype<Sequence>(args.sequences + i * offsetof<Sequence>());
    const sums = changetype<Sums>(args.sums + i * offsetof<Sums>());
    memory.fill(changetype<usize>(sums), 0, offsetof<Sums>());
    const whole = changetype<Whole>(scratch());
    const term = changetype<Term>(scratch() + offsetof<Whole>());
    lookAtWhole(whole, args, settings, sequence, sums);
    sumTokens(term, whole, args, settings, sequence, sums);
  }
}

/** A sequence's ratio and weight; with them, how far the sampler's log-probabilities are from the model's. */
function lookAtWhole(whole: Whole, args: GrpoLoss, settings: Settings, s: Sequence, sums: Sums): void {
  let difference_sum: f32 = 0;
  let difference_max: f32 = 0;
  let log_ratio_sum: f32 = 0;
  let bounded_sum: f32 = 0;
  for (let n = s.first; n < s.first + s.count; n++) {
    const log_prob = load<f32>(args.log_prob + (<usize>n << 2));
    const difference = abs<f32>(log_prob - load<f32>(args.old_log_prob + (<usize>n << 3), 4));
    difference_sum += difference;
    difference_max = max<f32>(difference_max, difference);
    if (settings.on_policy) continue;
    const log_ratio = log_prob - load<f32>(args.old_log_prob + (<usize>n << 3));
    log_ratio_sum += log_ratio;
    bounded_sum += min<f32>(max<f32>(log_ratio, -FARTHEST_LOG_RATIO), FARTHEST_LOG_RATIO);
  }
  sums.sampling_difference = difference_sum;
  sums.sampling_difference_max = difference_max;
  const mean_log_ratio = log_ratio_sum / <f32>max<u32>(s.count, 1);
  whole.ratio = exp(mean_log_ratio);
  const threshold = settings.off_policy_threshold;
  whole.is_left_out = threshold > 0 && -mean_log_ratio > threshold && s.advantage < 0;
  if (settings.policy_term == WEIGHED) sums.gamma = gammaWeight(settings, bounded_sum, s.advantage);
}

function gammaWeight(settings: Settings, log_ratio_sum: f32, advantage: f32): f32 {
  const log_weight = min<f32>(max<f32>(log_ratio_sum, LEAST_LOG_RATIO), FARTHEST_LOG_RATIO);
  const is_up = advantage >= 0;
  const lambda = max<f32>(is_up ? settings.lambda_up : settings.lambda_down, 1e-4);
  const k = is_up ? settings.shape_up : settings.shape_down;
  const exponent: f32 = lambda + k * log_weight - lambda * exp(log_weight);
  return exponent > MOST_EXPONENT ? 0 : exp(exponent);
}

function sumTokens(term: Term, whole: Whole, args: GrpoLoss, settings: Settings, s: Sequence, sums: Sums): void {
  const end = s.first + s.count;
  let sequence_slope: f32 = 0;
  for (let n = s.first; n < end; n++) {
    const at = <usize>n << 2;
    const log_prob = load<f32>(args.log_prob + at);
    const entropy = load<f32>(args.entropy + at);
    let ratio = whole.ratio;
    if (!settings.sequence_level) {
      ratio = settings.on_policy ? 1 : exp(log_prob - load<f32>(args.old_log_prob + 2 * at));
    }
    const is_undecided = entropy >= settings.least_entropy;
    policyTerm(term, settings, ratio, s.advantage, log_prob, sums.gamma);
    if (!is_undecided || whole.is_left_out) clear(term);
    if (settings.beta > 0) sums.kl += addKl(term, settings, log_prob, load<f32>(args.ref_log_prob + at), ratio);
    const entropy_weight: f32 = is_undecided ? settings.entropy_weight : 0;
    sums.loss += term.value * s.weight - entropy_weight * entropy;
    sums.entropy += entropy;
    if (is_undecided) {
      sums.undecided += 1;
      sums.undecided_entropy += entropy;
    }
    let slope = term.by_log_prob * s.weight;
    const by_log_ratio = term.by_log_ratio * s.weight;
    if (settings.sequence_level) sequence_slope += by_log_ratio / <f32>s.count;
    else slope += by_log_ratio;
    store<f32>(args.slopes + 2 * at, slope);
    store<f32>(args.slopes + 2 * at, -entropy_weight, 4);
    countClipped(settings, ratio, s.advantage, sums);
  }
  if (!settings.sequence_level) return;
  for (let n = s.first; n < end; n++) {
    const slope = args.slopes + (<usize>n << 3);
    store<f32>(slope, load<f32>(slope) + sequence_slope);
  }
}

function clear(term: Term): void {
  term.value = 0;
  term.by_log_prob = 0;
  term.by_log_ratio = 0;
}

function policyTerm(
  term: Term,
  settings: Settings,
  ratio: f32,
  advantage: f32,
  log_prob: f32,
  gamma: f32,
): void {
  clear(term);
  if (settings.policy_term == WEIGHED) {
    term.value = -gamma * advantage * log_prob;
    term.by_log_prob = -gamma * advantage;
    return;
  }
  if (settings.policy_term == CAPPED) {
    const capped = min<f32>(ratio, settings.epsilon_high);
    term.value = -capped * advantage * log_prob;
    term.by_log_prob = -capped * advantage;
    return;
  }
  if (settings.policy_term == GATED) {
    const temperature = advantage > 0 ? settings.shape_up : settings.shape_down;
    const gate: f32 = 1 / (1 + exp(-temperature * (ratio - 1)));
    term.value = (-4 / temperature) * gate * advantage;
    term.by_log_ratio = -4 * gate * (1 - gate) * ratio * advantage;
    return;
  }
  const bounded = settings.delta > 0 ? min<f32>(ratio, settings.delta) : ratio;
  const clipped = min<f32>(max<f32>(ratio, 1 - settings.epsilon_low), 1 + settings.epsilon_high);
  const chosen = bounded * advantage <= clipped * advantage ? bounded : clipped;
  term.value = -chosen * advantage;
  // A term that its bound cut off is constant. Of equal terms both move or neither does.
  if (chosen == ratio) term.by_log_ratio = -ratio * advantage;
}

/** Adds β times the k3 estimate of the divergence from the reference model, which is the result. */
function addKl(term: Term, settings: Settings, log_prob: f32, reference: f32, ratio: f32): f32 {
  const beta = settings.beta;
  const difference = reference - log_prob;
  const growth = exp(difference);
  let k3: f32 = growth - difference - 1;
  let by_log_prob: f32 = 1 - growth;
  if (settings.correct_kl) {
    k3 *= ratio;
    by_log_prob *= ratio;
    term.by_log_ratio += beta * k3;
  }
  term.value += beta * k3;
  term.by_log_prob += beta * by_log_prob;
  return k3;
}

function countClipped(settings: Settings, ratio: f32, advantage: f32, sums: Sums): void {
  const is_capped = settings.policy_term == CAPPED;
  const is_bounded = settings.delta > 0 && settings.policy_term == CLIPPED;
  const bounded = is_bounded ? min<f32>(ratio, settings.delta) : ratio;
  if (bounded < 1 - settings.epsilon_low && advantage < 0) sums.clipped_low += 1;
  const ceiling: f32 = is_capped ? settings.epsilon_high : 1 + settings.epsilon_high;
  if (bounded > ceiling && advantage > 0) sums.clipped_high += 1;
}
