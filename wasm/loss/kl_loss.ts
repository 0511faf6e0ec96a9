// Reverse KL divergence from a teacher by rows: shaders/loss/kl_loss.wgsl.
import { exp, vexp } from '../lib/exp';
import { SOFTMAX_BLOCK, scaledMax } from '../lib/softmax';
import { Address } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import { add, LANES, laneSum, madd, mul, splat, sub, vload } from '../lib/vector';

@unmanaged
class KlLoss {
  logits: Address;
  teacher: Address;
  weights: Address;
  kl: Address;
  norms: Address;
  terms: Address;
  rows: u32;
  vocabulary: u32;
  inverse_temperature: f32;
}

export function kl_loss_units(args: KlLoss): u32 {
  return unitsOfRows(args.rows, args.vocabulary, COSTLY);
}

export function kl_loss(args: KlLoss, unit: u32): void {
  const some = rowsOfUnit(args.vocabulary, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const at = <usize>row << 2;
    const weight = load<f32>(args.weights + at);
    if (weight == 0) {
      store<f32>(args.kl + at, 0);
      store<u64>(args.norms + 2 * at, 0);
    } else sumRow(args, row);
    store<f32>(args.terms + at, weight == 0 ? 0 : weight * load<f32>(args.kl + at));
  }
}

function sumRow(args: KlLoss, row: u32): void {
  const vocabulary = args.vocabulary;
  const scale = args.inverse_temperature;
  const start = <usize>(row * vocabulary) << 2;
  const logits = args.logits + start;
  const teacher = args.teacher + start;
  const largest = scaledMax(logits, vocabulary, scale);
  const largest_taught = scaledMax(teacher, vocabulary, scale);
  let total: f32 = 0;
  let total_taught: f32 = 0;
  let weighted: f32 = 0;
  for (let block: u32 = 0; block < vocabulary; block += SOFTMAX_BLOCK) {
    const end = min(vocabulary, block + SOFTMAX_BLOCK);
    let exps = splat(0);
    let exps_taught = splat(0);
    let products = splat(0);
    let v = block;
    for (; v + LANES <= end; v += LANES) {
      const at = <usize>v << 2;
      const shifted = sub(mul(vload(logits + at), splat(scale)), splat(largest));
      const taught = sub(mul(vload(teacher + at), splat(scale)), splat(largest_taught));
      const e = vexp(shifted);
      exps = add(exps, e);
      exps_taught = add(exps_taught, vexp(taught));
      products = madd(e, sub(shifted, taught), products);
    }
    let rest: f32 = laneSum(exps);
    let rest_taught: f32 = laneSum(exps_taught);
    let rest_weighted: f32 = laneSum(products);
    for (; v < end; v++) {
      const at = <usize>v << 2;
      const shifted: f32 = load<f32>(logits + at) * scale - largest;
      const taught: f32 = load<f32>(teacher + at) * scale - largest_taught;
      const e = exp(shifted);
      rest += e;
      rest_taught += exp(taught);
      rest_weighted += e * (shifted - taught);
    }
    total += rest;
    total_taught += rest_taught;
    weighted += rest_weighted;
  }
  const log_total = NativeMathf.log(total);
  const log_total_taught = NativeMathf.log(total_taught);
  store<f32>(args.norms + (<usize>row << 3), largest + log_total);
  store<f32>(args.norms + (<usize>row << 3), largest_taught + log_total_taught, 4);
  store<f32>(args.kl + (<usize>row << 2), weighted / total - log_total + log_total_taught);
}
