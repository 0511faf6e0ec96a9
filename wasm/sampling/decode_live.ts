// Which rollouts of a batch still go on, first and in their order: shaders/sampling/decode_live.wgsl. All of it is one unit.
import { rolloutAt } from '../lib/rollout';
import { Address, INVALID } from '../lib/types';

@unmanaged
class DecodeLive {
  chosen: Address;
  rollouts: Address;
  live: Address;
  num_live: Address;
  rows: u32;
}

export function decode_live_units(args: DecodeLive): u32 {
  return 1;
}

export function decode_live(args: DecodeLive, unit: u32): void {
  const live = args.live;
  let numLive: u32 = 0;
  for (let row: u32 = 0; row < args.rows; row++) {
    const index = load<u32>(args.chosen + (<usize>row << 2));
    if (index == INVALID || rolloutAt(args.rollouts, index).done != 0) continue;
    store<u32>(live + (<usize>numLive << 2), index);
    numLive++;
  }
  for (let row = numLive; row < args.rows; row++) store<u32>(live + (<usize>row << 2), INVALID);
  if (args.rows) store<u32>(args.num_live, numLive);
}
