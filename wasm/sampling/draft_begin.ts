// What the module for further tokens reads after a step of pairs: shaders/sampling/draft_begin.wgsl.
import { decodeRowAt, rolloutAt } from '../lib/rollout';
import { Address, Condition, Constant, INVALID, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { widenRow } from '../lib/weights';

const NONE: u32 = 0;
const REFUSED: u32 = 1;
const ACCEPTED: u32 = 2;

@unmanaged
class DraftBegin {
  live: Address;
  places: Address;
  rollouts: Address;
  drafts: Address;
  pool: Address;
  y: Address;
  outcomes: Address;
  rows: u32;
  table_at: u32;
  max_new_tokens: u32;
  WIDTH: Constant;
  vec4: Condition;
  half: Condition;
}

export function draft_begin_units(args: DraftBegin): u32 {
  return unitsOfRows(args.rows, args.WIDTH * perVector(args.vec4), SIMPLE);
}

export function draft_begin(args: DraftBegin, unit: u32): void {
  args.half ? beginDrafts<u16>(args, unit) : beginDrafts<f32>(args, unit);
}

function beginDrafts<W>(args: DraftBegin, unit: u32): void {
  const width = args.WIDTH * perVector(args.vec4);
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const y = args.y + (<usize>(row * width) << 2);
    const index = load<u32>(args.live + (<usize>row << 2));
    if (index == INVALID) {
      memory.fill(y, 0, <usize>width << 2);
      continue;
    }
    const rollout = rolloutAt(args.rollouts, index);
    const draft = load<u32>(args.drafts + (<usize>index << 2));
    const isFirst = row % 2 == 0;
    const before = decodeRowAt(args.places, row - (row % 2)).own_length;
    const isAccepted = rollout.length == before + 2;
    const token = isFirst && isAccepted ? draft : rollout.token;
    widenRow<W>(args.pool + <usize>(args.table_at + token * width) * sizeof<W>(), width, y);
    if (!isFirst) continue;
    const isLast = rollout.done == 1 && rollout.token == draft;
    const outcome = draft == INVALID ? NONE : isAccepted || isLast ? ACCEPTED : REFUSED;
    store<u32>(args.outcomes + (<usize>(index * args.max_new_tokens + before) << 2), outcome);
  }
}
