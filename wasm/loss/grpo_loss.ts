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
  ratio: f32;
}

/** A value, its slope in the token's own log-probability, and that in the log of the importance ratio. */
@unmanaged
class Term {
  value: f32;
  by_log_prob: f32;
  by_log_ratio: f32;
}

const CLIPPED: u32 = 0;
const CAPPED: u32 = 1;
const GATED: u32 = 2;

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
    sums.ratio = sequenceRatio(args, settings, sequence, sums);
    sumTokens(args, settings, sequence, sums);
  }
}

/** The importance ratio of a whole sequence; with it, how far the sampler's log-probabilities are from the model's. */
function sequenceRatio(args: GrpoLoss, settings: Settings, s: Sequence, sums: Sums): f32 {
  let difference_sum: f32 = 0;
  let difference_max: f32 = 0;
  let log_ratio_sum: f32 = 0;
  for (let n = s.first; n < s.first + s.count; n++) {
    const log_prob = load<f32>(args.log_prob + (<usize>n << 2));
    const difference = abs<f32>(log_prob - load<f32>(args.old_log_prob + (<usize>n << 3), 4));
    difference_sum += difference;
    difference_max = max<f32>(difference_max, difference);
    if (!settings.on_policy) log_ratio_sum += log_prob - load<f32>(args.old_log_prob + (<usize>n << 3));
  }
  sums.sampling_difference = difference_sum;
  sums.sampling_difference_max = difference_max;
  return exp(log_ratio_sum / <f32>max<u32>(s.count, 1));
}

function sumTokens(args: GrpoLoss, settings: Settings, s: Sequence, sums: Sums): void {
  const end = s.first + s.count;
  const term = changetype<Term>(scratch());
  let sequence_slope: f32 = 0;
  for (let n = s.first; n < end; n++) {
    const at = <usize>n << 2;
    const log_prob = load<f32>(args.log_prob + at);
    const entropy = load<f32>(args.entropy + at);
    let ratio = sums.ratio;
    if (!settings.sequence_level) {
      ratio = settings.on_policy ? 1 : exp(log_prob - load<f32>(args.old_log_prob + 2 * at));
    }
    policyTerm(term, settings, ratio, s.advantage, log_prob);
    if (settings.beta > 0) sums.kl += addKl(term, settings, log_prob, load<f32>(args.ref_log_prob + at), ratio);
    sums.loss += term.value * s.weight - settings.entropy_weight * entropy;
    sums.entropy += entropy;
    let slope = term.by_log_prob * s.weight;
    const by_log_ratio = term.by_log_ratio * s.weight;
    if (settings.sequence_level) sequence_slope += by_log_ratio / <f32>s.count;
    else slope += by_log_ratio;
    store<f32>(args.slopes + 2 * at, slope);
    store<f32>(args.slopes + 2 * at, -settings.entropy_weight, 4);
    countClipped(settings, ratio, s.advantage, sums);
  }
  if (!settings.sequence_level) return;
  for (let n = s.first; n < end; n++) {
    const slope = args.slopes + (<usize>n << 3);
    store<f32>(slope, load<f32>(slope) + sequence_slope);
  }
}

function policyTerm(term: Term, settings: Settings, ratio: f32, advantage: f32, log_prob: f32): void {
  term.by_log_prob = 0;
  term.by_log_ratio = 0;
  if (settings.policy_term == CAPPED) {
    const capped = min<f32>(ratio, settings.epsilon_high);
    term.value = -capped * advantage * log_prob;
    term.by_log_prob = -capped * advantage;
    return;
  }
  if (settings.policy_term == GATED) {
    const temperature: f32 = advantage > 0 ? 1 : 1.05;
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
