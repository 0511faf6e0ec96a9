// One thread without helpers. It takes the place of team.ts in the JavaScript form, which has no atomic operations of 64 bits.
import { dispatchOf } from './lib/dispatch';
import { setScratch } from './lib/scratch';

/** As in team.ts. */
export function join(scratch: usize): void {
  setScratch(scratch);
}

/** Does dispatches `first` to `end` of a program. Returns `end`. */
export function lead(program: usize, first: u32, end: u32, _threads: u32): u32 {
  for (let i = first; i < end; i++) {
    const dispatch = dispatchOf(program, i);
    const operation = dispatch.operation;
    const args = dispatch.args;
    const units = dispatch.units;
    for (let unit: u32 = 0; unit < units; unit++) call_indirect<void>(operation, args, unit);
  }
  return end;
}
