// Log-probability, entropy and log-sum-exp by rows: shaders/loss/log_prob.wgsl.
import { exp, vexp } from '../lib/exp';
import { SOFTMAX_BLOCK, scaledMax } from '../lib/softmax';
import { Address, Condition } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import { add, LANES, laneSum, madd, mul, splat, sub, vload } from '../lib/vector';

@unmanaged
class LogProb {
  logits: Address;
  targets: Address;
  log_prob: Address;
  entropy: Address;
  log_sum_exp: Address;
  running: Address;
  rows: u32;
  columns: u32;
  first: u32;
  is_last: u32;
  inverse_temperature: f32;
  chunked: Condition;
}

export function log_prob_units(args: LogProb): u32 {
  return unitsOfRows(args.rows, args.columns, COSTLY);
}

export function log_prob(args: LogProb, unit: u32): void {
  const some = rowsOfUnit(args.columns, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) sumRow(args, row);
}

function sumRow(args: LogProb, row: u32): void {
  const columns = args.columns;
  const scale = args.inverse_temperature;
  const logits = args.logits + (<usize>(row * columns) << 2);
  let largest = scaledMax(logits, columns, scale);
  let total: f32 = 0;
  let weighted: f32 = 0;
  for (let block: u32 = 0; block < columns; block += SOFTMAX_BLOCK) {
    const end = min(columns, block + SOFTMAX_BLOCK);
    let exps = splat(0);
    let products = splat(0);
    let c = block;
    for (; c + LANES <= end; c += LANES) {
      const shifted = sub(mul(vload(logits + (<usize>c << 2)), splat(scale)), splat(largest));
      const e = vexp(shifted);
      exps = add(exps, e);
      products = madd(e, shifted, products);
    }
    let rest: f32 = laneSum(exps);
    let restOfProducts: f32 = laneSum(products);
    for (; c < end; c++) {
      const shifted: f32 = load<f32>(logits + (<usize>c << 2)) * scale - largest;
      const e = exp(shifted);
      rest += e;
      restOfProducts += e * shifted;
    }
    total += rest;
    weighted += restOfProducts;
  }

  const at = <usize>row << 2;
  const column = load<u32>(args.targets + at) - args.first; // wraps round where the target lies before this chunk
  let found: f32 = column < columns ? load<f32>(logits + (<usize>column << 2)) * scale : 0;
  if (args.chunked) {
    const running = args.running + (<usize>row << 4);
    if (args.first) {
      const before = load<f32>(running);
      const both = max<f32>(before, largest);
      const down_before = before - both;
      const down = largest - both;
      const scale_before = exp(down_before);
      const scale_now = exp(down);
      const total_before = load<f32>(running, 4);
      weighted =
        scale_before * (load<f32>(running, 8) + down_before * total_before) + scale_now * (weighted + down * total);
      total = scale_before * total_before + scale_now * total;
      largest = both;
      found += load<f32>(running, 12);
    }
    store<f32>(running, largest);
    store<f32>(running, total, 4);
    store<f32>(running, weighted, 8);
    store<f32>(running, found, 12);
    if (!args.is_last) return;
  }
  const log_total = NativeMathf.log(total);
  store<f32>(args.log_sum_exp + at, largest + log_total);
  store<f32>(args.entropy + at, log_total - weighted / total);
  store<f32>(args.log_prob + at, found - (largest + log_total));
}
