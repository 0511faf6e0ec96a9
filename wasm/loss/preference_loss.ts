// The loss of preferred pairs: shaders/loss/preference_loss.wgsl, which says what the terms are.
import { exp } from '../lib/exp';
import { scratch } from '../lib/scratch';
import { Address, ceilDiv } from '../lib/types';

@unmanaged
class PreferenceLoss {
  settings: Address;
  pairs: Address;
  x: Address;
  slopes: Address;
  sums: Address;
  max_pairs: u32;
  slope_stride: u32;
}

@unmanaged
class Settings {
  num_pairs: u32;
  term: u32;
  mean: u32;
  beta: f32;
  label_smoothing: f32;
  center: f32;
  weight: f32;
}

@unmanaged
class Pair {
  chosen_first: u32;
  chosen_count: u32;
  rejected_first: u32;
  rejected_count: u32;
  chosen_offset: f32;
  rejected_offset: f32;
}

@unmanaged
class Sums {
  loss: f32;
  chosen: f32;
  rejected: f32;
}

/** Loss of a margin, and its slope. */
@unmanaged
class Term {
  value: f32;
  slope: f32;
}

const HINGE: u32 = 1;
const IPO: u32 = 2;

const PAIRS_OF_UNIT: u32 = 8;

export function preference_loss_units(args: PreferenceLoss): u32 {
  return ceilDiv(args.max_pairs, PAIRS_OF_UNIT);
}

export function preference_loss(args: PreferenceLoss, unit: u32): void {
  const settings = changetype<Settings>(args.settings);
  const end = min(min(settings.num_pairs, args.max_pairs), (unit + 1) * PAIRS_OF_UNIT);
  for (let i = unit * PAIRS_OF_UNIT; i < end; i++) {
    const pair = changetype<Pair>(args.pairs + i * offsetof<Pair>());
    judge(args, settings, pair, changetype<Sums>(args.sums + i * offsetof<Sums>()));
  }
}

function judge(args: PreferenceLoss, settings: Settings, p: Pair, sums: Sums): void {
  const chosen = score(args, p.chosen_first, p.chosen_count, p.chosen_offset);
  const rejected = score(args, p.rejected_first, p.rejected_count, p.rejected_offset);
  const chosen_scale = settings.mean ? <f32>1 / <f32>max<u32>(p.chosen_count, 1) : <f32>1;
  const rejected_scale = settings.mean ? <f32>1 / <f32>max<u32>(p.rejected_count, 1) : <f32>1;
  const term = changetype<Term>(scratch());
  marginTerm(term, settings, chosen * chosen_scale - rejected * rejected_scale);
  const both = chosen + rejected;
  const centering: f32 = 2 * settings.center * both;
  spread(args, p.chosen_first, p.chosen_count, settings.weight * (term.slope * chosen_scale + centering));
  spread(args, p.rejected_first, p.rejected_count, settings.weight * (centering - term.slope * rejected_scale));
  sums.loss = settings.weight * (term.value + settings.center * both * both);
  sums.chosen = chosen;
  sums.rejected = rejected;
}

function score(args: PreferenceLoss, first: u32, count: u32, offset: f32): f32 {
  let sum: f32 = -offset;
  for (let n = first; n < first + count; n++) sum += load<f32>(args.x + (<usize>n << 2));
  return sum;
}

function spread(args: PreferenceLoss, first: u32, count: u32, slope: f32): void {
  for (let n = first; n < first + count; n++) store<f32>(args.slopes + (<usize>(n * args.slope_stride) << 2), slope);
}

/** −log σ(z), without overflow. */
function softplusOfNegative(z: f32): f32 {
  return max<f32>(-z, 0) + NativeMathf.log(1 + exp(-abs<f32>(z)));
}

function marginTerm(term: Term, settings: Settings, margin: f32): void {
  const z = settings.beta * margin;
  if (settings.term == HINGE) {
    term.value = max<f32>(0, 1 - z);
    term.slope = z < 1 ? -settings.beta : 0;
    return;
  }
  if (settings.term == IPO) {
    const error: f32 = margin - <f32>0.5 / settings.beta;
    term.value = error * error;
    term.slope = 2 * error;
    return;
  }
  const flipped = settings.label_smoothing;
  const small = exp(-abs<f32>(z));
  const near: f32 = 1 / (1 + small);
  const sigma: f32 = z >= 0 ? near : small * near;
  const other: f32 = z >= 0 ? small * near : near;
  const whole: f32 = 1 - 2 * flipped;
  term.value = ((1 - flipped) * softplusOfNegative(z) - flipped * softplusOfNegative(-z)) / whole;
  term.slope = (-settings.beta * ((1 - flipped) * other + flipped * sigma)) / whole;
}
