/** A dispatch in a program, written by src/device/wasm/program.ts. */
@unmanaged
export class Dispatch {
  /** Its operation, by place in the table. */
  operation: u32;
  args: usize;
  units: u32;
  unused: u32;
}

const DISPATCH_BYTES: usize = 16;

/** Number i of a program's. */
// @ts-ignore: decorator
@inline
export function dispatchOf(program: usize, i: u32): Dispatch {
  return changetype<Dispatch>(program + <usize>i * DISPATCH_BYTES);
}
