// Gradient in the logits, in their place: shaders/loss/log_prob_backward.wgsl.
import { exp, vexp } from '../lib/exp';
import { Address } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import { add, LANES, mul, splat, sub, vload, vstore } from '../lib/vector';

@unmanaged
class LogProbBackward {
  logits: Address;
  targets: Address;
  log_sum_exp: Address;
  entropy: Address;
  slopes: Address;
  rows: u32;
  columns: u32;
  first: u32;
  inverse_temperature: f32;
}

export function log_prob_backward_units(args: LogProbBackward): u32 {
  return unitsOfRows(args.rows, args.columns, COSTLY);
}

export function log_prob_backward(args: LogProbBackward, unit: u32): void {
  const columns = args.columns;
  const some = rowsOfUnit(columns, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const at = <usize>row << 2;
    const logits = args.logits + (<usize>(row * columns) << 2);
    const by_log_prob = load<f32>(args.slopes + 2 * at);
    const by_entropy = load<f32>(args.slopes + 2 * at, 4);
    if (by_log_prob == 0 && by_entropy == 0) {
      memory.fill(logits, 0, <usize>columns << 2);
      continue;
    }
    const norm = load<f32>(args.log_sum_exp + at);
    const entropy = load<f32>(args.entropy + at);
    const target = load<u32>(args.targets + at) - args.first;
    slopesOfRow(logits, columns, target, args.inverse_temperature, norm, entropy, by_log_prob, by_entropy);
  }
}

function slopesOfRow(
  logits: usize, columns: u32, target: u32, scale: f32, norm: f32, entropy: f32, by_log_prob: f32, by_entropy: f32,
): void {
  const of_target: f32 = target < columns ? load<f32>(logits + (<usize>target << 2)) : 0;
  let c: u32 = 0;
  for (; c + LANES <= columns; c += LANES) {
    const at = logits + (<usize>c << 2);
    const logp = sub(mul(vload(at), splat(scale)), splat(norm));
    const pull = add(splat(by_log_prob), mul(splat(by_entropy), add(logp, splat(entropy))));
    vstore(at, mul(mul(splat(-scale), vexp(logp)), pull));
  }
  for (; c < columns; c++) {
    const at = logits + (<usize>c << 2);
    const logp: f32 = load<f32>(at) * scale - norm;
    store<f32>(at, -scale * exp(logp) * (by_log_prob + by_entropy * (logp + entropy)));
  }
  if (target >= columns) return;
  const logp: f32 = of_target * scale - norm;
  const p = exp(logp);
  const slope: f32 = by_log_prob * (1 - p) - by_entropy * p * (logp + entropy);
  store<f32>(logits + (<usize>target << 2), scale * slope);
}
