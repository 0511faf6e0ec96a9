// Start of a decode step, the embeddings of the tokens that rows read: shaders/sampling/decode_begin.wgsl.
import { decodeRowAt, rolloutAt } from '../lib/rollout';
import { Address, Condition, Constant, INVALID, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { widenRow } from '../lib/weights';

@unmanaged
class DecodeBegin {
  live: Address;
  rollouts: Address;
  pool: Address;
  places: Address;
  y: Address;
  drafts: Address;
  rows: u32;
  table_at: u32;
  WIDTH: Constant;
  vec4: Condition;
  half: Condition;
}

export function decode_begin_units(args: DecodeBegin): u32 {
  return unitsOfRows(args.rows, args.WIDTH * perVector(args.vec4), SIMPLE);
}

export function decode_begin(args: DecodeBegin, unit: u32): void {
  args.half ? beginRows<u16>(args, unit) : beginRows<f32>(args, unit);
}

function beginRows<W>(args: DecodeBegin, unit: u32): void {
  const width = args.WIDTH * perVector(args.vec4);
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const place = decodeRowAt(args.places, row);
    const y = args.y + (<usize>(row * width) << 2);
    const index = load<u32>(args.live + (<usize>row << 2));
    if (index == INVALID) {
      place.prompt_first = 0;
      place.prompt_length = 0;
      place.own_first = INVALID;
      place.own_length = 0;
      memory.fill(y, 0, <usize>width << 2);
      continue;
    }
    const rollout = rolloutAt(args.rollouts, index);
    place.prompt_first = rollout.prompt_first;
    place.prompt_length = rollout.prompt_length;
    place.own_first = rollout.own_first;
    let token = rollout.token;
    place.own_length = rollout.length;
    if (args.drafts && row % 2 == 1) {
      token = load<u32>(args.drafts + (<usize>index << 2));
      if (token == INVALID) token = 0;
      place.own_length += 1;
    }
    widenRow<W>(args.pool + <usize>(args.table_at + token * width) * sizeof<W>(), width, y);
  }
}
