// What losses over a vocabulary have in common.
import { LANES, laneMax, mul, splat, STEP, vload, vmax } from './vector';

/** Terms that are added up before their sum is added to the others', so that wide sums stay exact. */
export const SOFTMAX_BLOCK: u32 = 2048;

const LEAST: f32 = -3.0e38;

/** The largest of n numbers times a positive scale. */
export function scaledMax(x: usize, n: u32, scale: f32): f32 {
  let a = splat(LEAST);
  let b = splat(LEAST);
  let i: u32 = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    const at = x + (<usize>i << 2);
    a = vmax(a, mul(vload(at), splat(scale)));
    b = vmax(b, mul(vload(at + STEP), splat(scale)));
  }
  let largest: f32 = laneMax(vmax(a, b));
  for (; i < n; i++) {
    const z = load<f32>(x + (<usize>i << 2)) * scale;
    if (z > largest) largest = z;
  }
  return largest;
}
