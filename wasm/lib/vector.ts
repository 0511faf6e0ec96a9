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

/** The larger by lane; a where one is not a number, which engines do in one instruction. */
// @ts-ignore: decorator
@inline
export function vmax(a: Vec, b: Vec): Vec {
  return f32x4.pmax(a, b);
}

/** The smaller by lane; a where one is not a number. */
// @ts-ignore: decorator
@inline
export function vmin(a: Vec, b: Vec): Vec {
  return f32x4.pmin(a, b);
}

// @ts-ignore: decorator
@inline
export function vabs(a: Vec): Vec {
  return f32x4.abs(a);
}

/** By lane: a where x < y, else b. */
// @ts-ignore: decorator
@inline
export function whereLess(x: Vec, y: Vec, a: Vec, b: Vec): Vec {
  return v128.bitselect(a, b, f32x4.lt(x, y));
}

/** Whether x < y in any lane. */
// @ts-ignore: decorator
@inline
export function anyLess(x: Vec, y: Vec): bool {
  return v128.any_true(f32x4.lt(x, y));
}

/** By lane: 0 where x < y, else a. */
// @ts-ignore: decorator
@inline
export function zeroWhereLess(x: Vec, y: Vec, a: Vec): Vec {
  return v128.andnot(a, f32x4.lt(x, y));
}

/** y · 2ⁿ by lane, where both are normal numbers and t = 1.5 · 2²³ + n, in whose lowest bits n can be read. */
// @ts-ignore: decorator
@inline
export function timesPow2(y: Vec, t: Vec): Vec {
  return i32x4.add(y, i32x4.shl(t, 23));
}

/** The sum of the lanes, in one order everywhere. */
// @ts-ignore: decorator
@inline
export function laneSum(a: Vec): f32 {
  const pairs = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Stores number i of each of four, side by side, at p + i · step: for each of LANES. */
// @ts-ignore: decorator
@inline
export function storeTurned(p: usize, step: usize, a: Vec, b: Vec, c: Vec, d: Vec): void {
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  v128.store(p, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(p + step, v128.shuffle<f64>(ab, cd, 1, 3));
  const abRest = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdRest = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(p + 2 * step, v128.shuffle<f64>(abRest, cdRest, 0, 2));
  v128.store(p + 3 * step, v128.shuffle<f64>(abRest, cdRest, 1, 3));
}

/** Stores the laneSum of each of four, side by side. */
// @ts-ignore: decorator
@inline
export function storeLaneSums(p: usize, a: Vec, b: Vec, c: Vec, d: Vec): void {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  v128.store(p, f32x4.add(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7)));
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
  const h = v128.load16x4_s(p);
  // The sign stands on top, the rest where f32 has its own, but for the exponent's bias, which goes from 15 to 127; a subnormal
  // number becomes a normal one on the way.
  const placed = v128.and(i32x4.shl(h, 13), i32x4.splat(0x8fffe000));
  const number = f32x4.mul(placed, f32x4.splat(reinterpret<f32>(0x77800000)));
  const most = i32x4.splat(0x7c00);
  const endless = v128.and(i32x4.eq(v128.and(h, most), most), i32x4.splat(0x7f800000));
  return v128.or(number, endless);
}

/** LANES numbers in half precision, rounded to the nearest, of two the even one; what is too large becomes its largest number. */
// @ts-ignore: decorator
@inline
export function vstoreHalf(p: usize, x: Vec): void {
  v128.store64_lane(p, halves(x), 0);
}

/** One number, with the bits of vstoreHalf. */
// @ts-ignore: decorator
@inline
export function storeHalf(p: usize, x: f32): void {
  v128.store16_lane(p, halves(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline
function halves(x: v128): v128 {
  const size = f32x4.pmin(f32x4.abs(x), f32x4.splat(65504));
  // Beside a half, the last bit of an f32 has the place of a subnormal number's.
  const small = i32x4.sub(f32x4.add(size, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  const odd = v128.and(i32x4.shr_u(size, 13), i32x4.splat(1));
  const normal = i32x4.sub(i32x4.shr_u(i32x4.add(i32x4.add(size, i32x4.splat(0xfff)), odd), 13), i32x4.splat(0x1c000));
  const isSmall = f32x4.lt(size, f32x4.splat(6.103515625e-5));
  const number = v128.bitselect(i32x4.splat(0x7e00), v128.bitselect(small, normal, isSmall), f32x4.ne(x, x));
  const half = v128.or(number, v128.and(i32x4.shr_u(x, 16), i32x4.splat(0x8000)));
  return i16x8.narrow_i32x4_u(half, half);
}

/** The larger of a and the size of x, by lane and by their bits: infinity and what is not a number are the largest. */
// @ts-ignore: decorator
@inline
export function largerSize(a: Vec, x: Vec): Vec {
  return i32x4.max_s(a, v128.and(x, i32x4.splat(0x7fffffff)));
}

/** The bits of the largest of sizes. */
// @ts-ignore: decorator
@inline
export function mostSize(a: Vec): u32 {
  const pairs = i32x4.max_s(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return max<u32>(i32x4.extract_lane(pairs, 0), i32x4.extract_lane(pairs, 1));
}

/** By lane, the scale of a tile by its largest size; 0 where it holds what is not finite, and stays as it is. */
// @ts-ignore: decorator
@inline
export function tileScales(sizes: Vec): Vec {
  const scales = f32x4.max(f32x4.div(sizes, f32x4.splat(448)), i32x4.splat(0x00800000));
  return v128.and(scales, i32x4.lt_s(sizes, i32x4.splat(0x7f800000)));
}

/** Whether any lane is 0. */
// @ts-ignore: decorator
@inline
export function anyZero(a: Vec): bool {
  return v128.any_true(f32x4.eq(a, f32x4.splat(0)));
}

/** Finite numbers rounded to the nearest of E4M3 (shaders/lib/e4m3.wgsl), of two to the even one, at most 448. */
// @ts-ignore: decorator
@inline
export function roundE4m3(x: Vec): Vec {
  const size = f32x4.pmin(f32x4.abs(x), f32x4.splat(448));
  const odd = v128.and(i32x4.shr_u(size, 20), i32x4.splat(1));
  const normal = v128.and(i32x4.add(i32x4.add(size, i32x4.splat(0x7ffff)), odd), i32x4.splat(0xfff00000));
  // Below 2⁻⁶ they are multiples of 2⁻⁹, which beside 2¹⁴ is the place of the last bit.
  const small = f32x4.sub(f32x4.add(size, f32x4.splat(16384)), f32x4.splat(16384));
  const rounded = v128.bitselect(small, normal, f32x4.lt(size, f32x4.splat(0.015625)));
  return v128.or(rounded, v128.and(x, i32x4.splat(0x80000000)));
}

/** Pairs of numbers that stand beside each other in one Vec. */
export const PAIRS: u32 = 2;

/** y: PAIRS pairs (u, v) at x, turned by the angles at `turns`, pairs (cos, sin): (u·cos − v·sin·sign, v·cos + u·sin·sign). */
// @ts-ignore: decorator
@inline
export function turnPairs(x: usize, turns: usize, sign: f32, y: usize): void {
  const pairs = v128.load(x);
  const turn = v128.load(turns);
  const cos = v128.shuffle<f32>(turn, turn, 0, 0, 2, 2);
  const sin = f32x4.mul(v128.shuffle<f32>(turn, turn, 1, 1, 3, 3), f32x4.mul(f32x4.splat(sign), f32x4(-1, 1, -1, 1)));
  const others = v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2);
  v128.store(y, f32x4.add(f32x4.mul(pairs, cos), f32x4.mul(others, sin)));
}

/** The first numbers of LANES pairs. */
// @ts-ignore: decorator
@inline
export function vloadFirsts(p: usize): Vec {
  return v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6);
}

/** The second numbers of LANES pairs. */
// @ts-ignore: decorator
@inline
export function vloadSeconds(p: usize): Vec {
  return v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 1, 3, 5, 7);
}

/** The first lane. */
// @ts-ignore: decorator
@inline
export function lane0(a: Vec): f32 {
  return f32x4.extract_lane(a, 0);
}
