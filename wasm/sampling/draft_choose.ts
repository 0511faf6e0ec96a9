// The likeliest token by the module for further tokens: shaders/sampling/draft_choose.wgsl.
import { findBest } from '../lib/candidates';
import { decodeRowAt, rolloutAt } from '../lib/rollout';
import { scratch } from '../lib/scratch';
import { Address, Constant, INVALID } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';

/** Place of the number of tokens in the settings of sample.ts, in bytes. */
const NUM_TOKENS: usize = 16;

@unmanaged
class DraftChoose {
  settings: Address;
  logits: Address;
  live: Address;
  places: Address;
  rollouts: Address;
  drafts: Address;
  rows: u32;
  vocabulary: u32;
  ROW_THREADS: Constant;
}

export function draft_choose_units(args: DraftChoose): u32 {
  return unitsOfRows(args.rows, args.vocabulary, COSTLY);
}

export function draft_choose(args: DraftChoose, unit: u32): void {
  const some = rowsOfUnit(args.vocabulary, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let pair = unit * some; pair < end; pair++) {
    const row = 2 * pair;
    const index = load<u32>(args.live + (<usize>row << 2));
    if (index == INVALID) continue;
    const isAccepted = rolloutAt(args.rollouts, index).length == decodeRowAt(args.places, row).own_length + 2;
    const logits = args.logits + (<usize>((isAccepted ? row + 1 : row) * args.vocabulary) << 2);
    findBest(logits, min(load<u32>(args.settings + NUM_TOKENS), args.vocabulary), 1, scratch());
    store<u32>(args.drafts + (<usize>index << 2), load<u32>(scratch() + 4));
  }
}
