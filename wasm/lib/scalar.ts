// The form without SIMD of vector.ts, which says what each function does: one number at a time.

export type Vec = f32;
export const LANES: u32 = 1;
export const STEP: usize = 4;

// @ts-ignore: decorator
@inline
export function vload(p: usize): Vec {
  return load<f32>(p);
}

// @ts-ignore: decorator
@inline
export function vstore(p: usize, x: Vec): void {
  store<f32>(p, x);
}

// @ts-ignore: decorator
@inline
export function splat(x: f32): Vec {
  return x;
}

// @ts-ignore: decorator
@inline
export function vloadSplat(p: usize): Vec {
  return load<f32>(p);
}

// @ts-ignore: decorator
@inline
export function add(a: Vec, b: Vec): Vec {
  return a + b;
}

// @ts-ignore: decorator
@inline
export function sub(a: Vec, b: Vec): Vec {
  return a - b;
}

// @ts-ignore: decorator
@inline
export function mul(a: Vec, b: Vec): Vec {
  return a * b;
}

// @ts-ignore: decorator
@inline
export function div(a: Vec, b: Vec): Vec {
  return a / b;
}

// @ts-ignore: decorator
@inline
export function madd(a: Vec, b: Vec, c: Vec): Vec {
  return a * b + c;
}

// @ts-ignore: decorator
@inline
export function vsqrt(a: Vec): Vec {
  return sqrt<f32>(a);
}

// @ts-ignore: decorator
@inline
export function vmax(a: Vec, b: Vec): Vec {
  return max<f32>(a, b);
}

// @ts-ignore: decorator
@inline
export function vmin(a: Vec, b: Vec): Vec {
  return min<f32>(a, b);
}

// @ts-ignore: decorator
@inline
export function vabs(a: Vec): Vec {
  return abs<f32>(a);
}

// @ts-ignore: decorator
@inline
export function vnearest(a: Vec): Vec {
  return nearest<f32>(a);
}

// @ts-ignore: decorator
@inline
export function whereLess(x: Vec, y: Vec, a: Vec, b: Vec): Vec {
  return x < y ? a : b;
}

// @ts-ignore: decorator
@inline
export function vpow2(n: Vec): Vec {
  return reinterpret<f32>((<i32>n + 127) << 23);
}

// @ts-ignore: decorator
@inline
export function laneSum(a: Vec): f32 {
  return a;
}

// @ts-ignore: decorator
@inline
export function laneMax(a: Vec): f32 {
  return a;
}

// @ts-ignore: decorator
@inline
export function vloadHalf(p: usize): Vec {
  const h = <u32>load<u16>(p);
  const rest = (h & 0x7fff) << 13;
  const number = reinterpret<u32>(reinterpret<f32>(rest) * reinterpret<f32>(0x77800000));
  return reinterpret<f32>(((h & 0x8000) << 16) | number | (rest > 0x0f7fffff ? 0x7f800000 : 0));
}

/** The first lane. */
// @ts-ignore: decorator
@inline
export function lane0(a: Vec): f32 {
  return a;
}
