// The exponential function and what is made of it.
import { add, div, lane0, madd, mul, splat, sub, timesPow2, Vec, whereLess } from './vector';

const LOG2_E: f32 = 1.44269504088896341;
/** ln 2 in two parts, the first of which is exact in few bits: Cephes' expf. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Added to a small number, it leaves its nearest whole number in the lowest bits. */
const ROUNDING: f32 = 12582912;
/** Below it eˣ is nothing that a normal f32 holds, above it more than f32 holds. */
const LEAST: f32 = -87.33654;
const MOST: f32 = 88.72283;

/** eˣ by lane, within two units of the last place; the polynomial is Cephes' expf (https://www.netlib.org/cephes/). */
// @ts-ignore: decorator
@inline
export function vexp(x: Vec): Vec {
  const t = madd(x, splat(LOG2_E), splat(ROUNDING));
  const n = sub(t, splat(ROUNDING));
  const r = madd(n, splat(-LN2_LOW), madd(n, splat(-LN2_HIGH), x));
  let y = madd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  y = madd(y, r, splat(8.3334519073e-3));
  y = madd(y, r, splat(4.1665795894e-2));
  y = madd(y, r, splat(1.6666665459e-1));
  y = madd(y, r, splat(5.0000001201e-1));
  y = timesPow2(add(madd(y, mul(r, r), r), splat(1)), t);
  return whereLess(x, splat(LEAST), splat(0), whereLess(splat(MOST), x, splat(f32.POSITIVE_INFINITY), y));
}

/** eˣ of one number, with the bits of vexp. */
export function exp(x: f32): f32 {
  return lane0(vexp(splat(x)));
}

/** 1 / (1 + e⁻ˣ) by lane. */
// @ts-ignore: decorator
@inline
export function vsigmoid(x: Vec): Vec {
  return div(splat(1), add(splat(1), vexp(sub(splat(0), x))));
}

export function sigmoid(x: f32): f32 {
  return lane0(vsigmoid(splat(x)));
}
