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
  return a < b ? b : a;
}

// @ts-ignore: decorator
@inline
export function vmin(a: Vec, b: Vec): Vec {
  return b < a ? b : a;
}

// @ts-ignore: decorator
@inline
export function vabs(a: Vec): Vec {
  return abs<f32>(a);
}

// @ts-ignore: decorator
@inline
export function whereLess(x: Vec, y: Vec, a: Vec, b: Vec): Vec {
  return x < y ? a : b;
}

// @ts-ignore: decorator
@inline
export function anyLess(x: Vec, y: Vec): bool {
  return x < y;
}

// @ts-ignore: decorator
@inline
export function zeroWhereLess(x: Vec, y: Vec, a: Vec): Vec {
  return x < y ? 0 : a;
}

// @ts-ignore: decorator
@inline
export function timesPow2(y: Vec, t: Vec): Vec {
  return reinterpret<f32>(reinterpret<i32>(y) + (reinterpret<i32>(t) << 23));
}

// @ts-ignore: decorator
@inline
export function laneSum(a: Vec): f32 {
  return a;
}

// @ts-ignore: decorator
@inline
export function storeTurned(p: usize, step: usize, a: Vec, b: Vec, c: Vec, d: Vec): void {
  storeLaneSums(p, a, b, c, d);
}

// @ts-ignore: decorator
@inline
export function storeLaneSums(p: usize, a: Vec, b: Vec, c: Vec, d: Vec): void {
  store<f32>(p, a);
  store<f32>(p, b, 4);
  store<f32>(p, c, 8);
  store<f32>(p, d, 12);
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

// @ts-ignore: decorator
@inline
export function vstoreHalf(p: usize, x: Vec): void {
  storeHalf(p, x);
}

export function storeHalf(p: usize, x: f32): void {
  const size: f32 = min<f32>(abs<f32>(x), 65504);
  const bits = reinterpret<u32>(size);
  const small = reinterpret<u32>(size + 0.5) - 0x3f000000;
  const normal = ((bits + 0xfff + ((bits >> 13) & 1)) >> 13) - 0x1c000;
  const number = x != x ? 0x7e00 : size < 6.103515625e-5 ? small : normal;
  store<u16>(p, <u16>(number | ((reinterpret<u32>(x) >> 16) & 0x8000)));
}

// @ts-ignore: decorator
@inline
export function largerSize(a: Vec, x: Vec): Vec {
  return reinterpret<f32>(max<u32>(reinterpret<u32>(a), reinterpret<u32>(x) & 0x7fffffff));
}

// @ts-ignore: decorator
@inline
export function mostSize(a: Vec): u32 {
  return reinterpret<u32>(a);
}

export function tileScales(sizes: Vec): Vec {
  return reinterpret<u32>(sizes) >= 0x7f800000 ? 0 : max<f32>(sizes / 448, reinterpret<f32>(0x00800000));
}

// @ts-ignore: decorator
@inline
export function anyZero(a: Vec): bool {
  return a == 0;
}

export function roundE4m3(x: Vec): Vec {
  const size = min<f32>(abs<f32>(x), 448);
  const bits = reinterpret<u32>(size);
  const normal = reinterpret<f32>((bits + 0x7ffff + ((bits >> 20) & 1)) & 0xfff00000);
  const rounded: f32 = size < 0.015625 ? size + 16384 - 16384 : normal;
  return copysign<f32>(rounded, x);
}

export const PAIRS: u32 = 1;

// @ts-ignore: decorator
@inline
export function turnPairs(x: usize, turns: usize, sign: f32, y: usize): void {
  const u = load<f32>(x);
  const v = load<f32>(x, 4);
  const cos = load<f32>(turns);
  const sin = load<f32>(turns, 4) * sign;
  store<f32>(y, u * cos - v * sin);
  store<f32>(y, v * cos + u * sin, 4);
}

// @ts-ignore: decorator
@inline
export function vloadFirsts(p: usize): Vec {
  return load<f32>(p);
}

// @ts-ignore: decorator
@inline
export function vloadSeconds(p: usize): Vec {
  return load<f32>(p, 4);
}

// @ts-ignore: decorator
@inline
export function lane0(a: Vec): f32 {
  return a;
}
