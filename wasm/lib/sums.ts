// Sums over numbers that lie together, each in one order whatever is beside it.
import { add, LANES, laneSum, madd, splat, STEP, Vec, vload } from './vector';

// @ts-ignore: decorator
@inline
function term(at: usize, so_far: Vec, squared: bool): Vec {
  const x: Vec = vload(at);
  return squared ? madd(x, x, so_far) : add(x, so_far);
}

// @ts-ignore: decorator
@inline
function total(x: usize, n: u32, squared: bool): f32 {
  let a = splat(0);
  let b = splat(0);
  let c = splat(0);
  let d = splat(0);
  let i: u32 = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    const at = x + (<usize>i << 2);
    a = term(at, a, squared);
    b = term(at + STEP, b, squared);
    c = term(at + 2 * STEP, c, squared);
    d = term(at + 3 * STEP, d, squared);
  }
  for (; i + LANES <= n; i += LANES) a = term(x + (<usize>i << 2), a, squared);
  let sum = laneSum(add(add(a, b), add(c, d)));
  for (; i < n; i++) {
    const last = load<f32>(x + (<usize>i << 2));
    sum += squared ? last * last : last;
  }
  return sum;
}

/** Σ of n numbers. */
export function sum(x: usize, n: u32): f32 {
  return total(x, n, false);
}

/** Σ of the squares of n numbers. */
export function sumOfSquares(x: usize, n: u32): f32 {
  return total(x, n, true);
}
