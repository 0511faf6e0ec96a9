// The exponential function and what is made of it.
import { add, div, lane0, madd, mul, splat, sub, timesPow2, Vec, vloadSplat, vmax, vmin, zeroWhereLess } from './vector';

/**
 * Numbers in memory, which a loop reads in one instruction each: engines make a Vec of a constant anew in every round, in
 * several. ln 2 is in two parts, the first of which is exact in few bits; the polynomial is Cephes' expf
 * (https://www.netlib.org/cephes/).
 */
const NUMBERS = memory.data<f32>([
  1.44269504088896341, -0.693359375, 2.12194440e-4, 12582912, 1, -87.33654, 88.72283, 1.9875691500e-4, 1.3981999507e-3,
  8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);
const LOG2_E: usize = 0;
const MINUS_LN2_HIGH: usize = 1;
const MINUS_LN2_LOW: usize = 2;
/** Added to a small number, it leaves its nearest whole number in the lowest bits. */
const ROUNDING: usize = 3;
const ONE: usize = 4;
/** Below it eˣ is nothing that a normal f32 holds, above it more than f32 holds. */
const LEAST: usize = 5;
const MOST: usize = 6;
const POLYNOMIAL: usize = 7;

// @ts-ignore: decorator
@inline
function number(i: usize): Vec {
  return vloadSplat(NUMBERS + (i << 2));
}

/** eˣ by lane for x from LEAST to MOST. */
// @ts-ignore: decorator
@inline
function within(x: Vec): Vec {
  const t = madd(x, number(LOG2_E), number(ROUNDING));
  const n = sub(t, number(ROUNDING));
  const r = madd(n, number(MINUS_LN2_LOW), madd(n, number(MINUS_LN2_HIGH), x));
  let y = madd(number(POLYNOMIAL), r, number(POLYNOMIAL + 1));
  y = madd(y, r, number(POLYNOMIAL + 2));
  y = madd(y, r, number(POLYNOMIAL + 3));
  y = madd(y, r, number(POLYNOMIAL + 4));
  y = madd(y, r, number(POLYNOMIAL + 5));
  return timesPow2(add(madd(y, mul(r, r), r), number(ONE)), t);
}

/** eˣ by lane, within two units of the last place. What f32 cannot hold is its largest number, not infinity. */
// @ts-ignore: decorator
@inline
export function vexp(x: Vec): Vec {
  return zeroWhereLess(x, number(LEAST), within(vmin(x, number(MOST))));
}

/** eˣ of one number, with the bits of vexp. */
export function exp(x: f32): f32 {
  return lane0(vexp(splat(x)));
}

/** 1 / (1 + e⁻ˣ) by lane. Far below zero it stays the least of normal numbers. */
// @ts-ignore: decorator
@inline
export function vsigmoid(x: Vec): Vec {
  const bounded = vmax(vmin(sub(splat(0), x), sub(splat(0), number(LEAST))), number(LEAST));
  return div(number(ONE), add(number(ONE), within(bounded)));
}

export function sigmoid(x: f32): f32 {
  return lane0(vsigmoid(splat(x)));
}
