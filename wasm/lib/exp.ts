// The exponential function and what is made of it.
import { add, div, lane0, madd, mul, splat, sub, timesPow2, Vec, vmax, vmin, zeroWhereLess } from './vector';

const LOG2_E: f32 = 1.44269504088896341;
/** ln 2 in two parts, the first of which is exact in few bits: Cephes' expf. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;
/** Added to a small number, it leaves its nearest whole number in the lowest bits. */
const ROUNDING: f32 = 12582912;
/** Below it eˣ is nothing that a normal f32 holds, above it more than f32 holds. */
const LEAST: f32 = -87.33654;
const MOST: f32 = 88.72283;

/** eˣ by lane for x from LEAST to MOST; the polynomial is Cephes' expf (https://www.netlib.org/cephes/). */
// @ts-ignore: decorator
@inline
function within(x: Vec): Vec {
  const t = madd(x, splat(LOG2_E), splat(ROUNDING));
  const n = sub(t, splat(ROUNDING));
  const r = madd(n, splat(-LN2_LOW), madd(n, splat(-LN2_HIGH), x));
  let y = madd(splat(1.9875691500e-4), r, splat(1.3981999507e-3));
  y = madd(y, r, splat(8.3334519073e-3));
  y = madd(y, r, splat(4.1665795894e-2));
  y = madd(y, r, splat(1.6666665459e-1));
  y = madd(y, r, splat(5.0000001201e-1));
  return timesPow2(add(madd(y, mul(r, r), r), splat(1)), t);
}

/** eˣ by lane, within two units of the last place. What f32 cannot hold is its largest number, not infinity. */
// @ts-ignore: decorator
@inline
export function vexp(x: Vec): Vec {
  return zeroWhereLess(x, splat(LEAST), within(vmin(x, splat(MOST))));
}

/** eˣ of one number, with the bits of vexp. */
export function exp(x: f32): f32 {
  return lane0(vexp(splat(x)));
}

/** 1 / (1 + e⁻ˣ) by lane. Far below zero it stays the least of normal numbers. */
// @ts-ignore: decorator
@inline
export function vsigmoid(x: Vec): Vec {
  const bounded = vmax(vmin(sub(splat(0), x), splat(-LEAST)), splat(LEAST));
  return div(splat(1), add(splat(1), within(bounded)));
}

export function sigmoid(x: f32): f32 {
  return lane0(vsigmoid(splat(x)));
}
