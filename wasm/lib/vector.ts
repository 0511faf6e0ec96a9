// What one instruction computes: four f32 numbers side by side, in SIMD128. The scalar form of the same name (scalar.ts) has one,
// and takes this file's place in the scalar build, so an operation is written once, for LANES numbers at a time.

export type Vec = v128;
export const LANES: u32 = 4;
/** Bytes of a Vec. */
export const STEP: usize = 16;

// @ts-ignore: decorator
@inline
export function vload(p: usize): Vec {
  return v128.load(p);
}

// @ts-ignore: decorator
@inline
export function vstore(p: usize, x: Vec): void {
  v128.store(p, x);
}

// @ts-ignore: decorator
@inline
export function splat(x: f32): Vec {
  return f32x4.splat(x);
}

/** One number of memory, in every lane. */
// @ts-ignore: decorator
@inline
export function vloadSplat(p: usize): Vec {
  return v128.load_splat<f32>(p);
}

// @ts-ignore: decorator
@inline
export function add(a: Vec, b: Vec): Vec {
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
export function sub(a: Vec, b: Vec): Vec {
  return f32x4.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function mul(a: Vec, b: Vec): Vec {
  return f32x4.mul(a, b);
}

// @ts-ignore: decorator
@inline
export function div(a: Vec, b: Vec): Vec {
  return f32x4.div(a, b);
}

/** a · b + c, rounded once where the engine has relaxed SIMD, else twice. */
// @ts-ignore: decorator
@inline
export function madd(a: Vec, b: Vec, c: Vec): Vec {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function vsqrt(a: Vec): Vec {
  return f32x4.sqrt(a);
}

// @ts-ignore: decorator
@inline
export function vmax(a: Vec, b: Vec): Vec {
  return f32x4.max(a, b);
}

// @ts-ignore: decorator
@inline
export function vmin(a: Vec, b: Vec): Vec {
  return f32x4.min(a, b);
}

// @ts-ignore: decorator
@inline
export function vabs(a: Vec): Vec {
  return f32x4.abs(a);
}

/** To the nearest whole number. */
// @ts-ignore: decorator
@inline
export function vnearest(a: Vec): Vec {
  return f32x4.nearest(a);
}

/** By lane: a where x < y, else b. */
// @ts-ignore: decorator
@inline
export function whereLess(x: Vec, y: Vec, a: Vec, b: Vec): Vec {
  return v128.bitselect(a, b, f32x4.lt(x, y));
}

/** 2ⁿ of whole numbers from −126 to 127. */
// @ts-ignore: decorator
@inline
export function vpow2(n: Vec): Vec {
  return i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
}

/** The sum of the lanes, in one order everywhere. */
// @ts-ignore: decorator
@inline
export function laneSum(a: Vec): f32 {
  const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

// @ts-ignore: decorator
@inline
export function laneMax(a: Vec): f32 {
  const pairs = f32x4.max(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** LANES numbers of half precision. Infinities and what is not a number stay what they are. */
// @ts-ignore: decorator
@inline
export function vloadHalf(p: usize): Vec {
  const h = v128.load16x4_u(p);
  const sign = i32x4.shl(v128.and(h, i32x4.splat(0x8000)), 16);
  const rest = i32x4.shl(v128.and(h, i32x4.splat(0x7fff)), 13);
  // The exponent's bias goes from 15 to 127; a subnormal number becomes a normal one on the way.
  const number = f32x4.mul(rest, f32x4.splat(reinterpret<f32>(0x77800000)));
  const endless = v128.and(i32x4.gt_s(rest, i32x4.splat(0x0f7fffff)), i32x4.splat(0x7f800000));
  return v128.or(sign, v128.or(number, endless));
}

/** The first lane. */
// @ts-ignore: decorator
@inline
export function lane0(a: Vec): f32 {
  return f32x4.extract_lane(a, 0);
}
