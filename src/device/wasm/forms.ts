// The forms of the compiled operations by the instructions they use, and which of them this engine can run.
import type { CpuUse } from '../contract';

export type Form = CpuUse['form'];
export type CompiledForm = Exclude<Form, 'javascript'>;

/** The smallest modules with an instruction of each set: a function that returns one of its vectors. */
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
const PROBES: Readonly<Record<CompiledForm, readonly number[]>> = {
  scalar: HEADER.slice(0, 8),
  // i32.const 0, i8x16.splat, i8x16.popcnt
  simd: [...HEADER, 10, 10, 1, 8, 0, 0x41, 0, 0xfd, 15, 0xfd, 98, 11],
  // i32.const 1, i8x16.splat, i32.const 2, i8x16.splat, i8x16.relaxed_swizzle
  relaxed: [...HEADER, 10, 15, 1, 13, 0, 0x41, 1, 0xfd, 15, 0x41, 2, 0xfd, 15, 0xfd, 128, 2, 11],
};

/** Whether this engine knows a form's instructions. */
export function canRun(form: Form): boolean {
  return form === 'javascript' || WebAssembly.validate(Uint8Array.from(PROBES[form]));
}
