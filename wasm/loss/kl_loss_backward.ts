// Gradient of the KL divergence in the student's logits: shaders/loss/kl_loss_backward.wgsl.
import { exp, vexp } from '../lib/exp';
import { Address } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import { LANES, mul, splat, sub, vload, vstore } from '../lib/vector';

@unmanaged
class KlLossBackward {
  logits: Address;
  teacher: Address;
  weights: Address;
  kl: Address;
  norms: Address;
  d_logits: Address;
  rows: u32;
  vocabulary: u32;
  inverse_temperature: f32;
}

export function kl_loss_backward_units(args: KlLossBackward): u32 {
  return unitsOfRows(args.rows, args.vocabulary, COSTLY);
}

export function kl_loss_backward(args: KlLossBackward, unit: u32): void {
  const vocabulary = args.vocabulary;
  const scale = args.inverse_temperature;
  const some = rowsOfUnit(vocabulary, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const start = <usize>(row * vocabulary) << 2;
    const logits = args.logits + start;
    const teacher = args.teacher + start;
    const to = args.d_logits + start;
    const weight = load<f32>(args.weights + (<usize>row << 2));
    if (weight == 0) {
      memory.fill(to, 0, <usize>vocabulary << 2);
      continue;
    }
    const norm = load<f32>(args.norms + (<usize>row << 3));
    const norm_taught = load<f32>(args.norms + (<usize>row << 3), 4);
    const kl = load<f32>(args.kl + (<usize>row << 2));
    const factor = weight * scale;
    let v: u32 = 0;
    for (; v + LANES <= vocabulary; v += LANES) {
      const at = <usize>v << 2;
      const log_p = sub(mul(vload(logits + at), splat(scale)), splat(norm));
      const log_q = sub(mul(vload(teacher + at), splat(scale)), splat(norm_taught));
      vstore(to + at, mul(mul(splat(factor), vexp(log_p)), sub(sub(log_p, log_q), splat(kl))));
    }
    for (; v < vocabulary; v++) {
      const at = <usize>v << 2;
      const log_p: f32 = load<f32>(logits + at) * scale - norm;
      const log_q: f32 = load<f32>(teacher + at) * scale - norm_taught;
      store<f32>(to + at, factor * exp(log_p) * (log_p - log_q - kl));
    }
  }
}
