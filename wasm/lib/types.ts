// Kinds of fields of an operation's arguments, beside f32, u32 and i32 for the parameters of a launch, which must all be
// there. The host fills them in by name (src/device/wasm/operations.ts).

/** Where bound memory starts; 0 where nothing of that name is bound. */
export type Address = usize;
/** A compile-time number of the kernel; 0 where it has none of that name. */
export type Constant = u32;
/** A compile-time condition of the kernel: 0 or 1. */
export type Condition = u32;

/** In place of the number of something where there is none. */
export const INVALID: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline
export function ceilDiv(a: u32, b: u32): u32 {
  return (a + b - 1) / b;
}

/** Numbers that widths count in: kernels written in Vectors count in fours under the condition `vec4`. */
// @ts-ignore: decorator
@inline
export function perVector(vec4: Condition): u32 {
  return vec4 ? 4 : 1;
}
