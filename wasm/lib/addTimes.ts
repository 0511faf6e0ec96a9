// Adding a row of numbers to another.
import { LANES, madd, splat, vload, vstore } from './vector';

/** y += factor · x. */
export function addTimes(factor: f32, x: usize, y: usize, count: u32): void {
  const factors = splat(factor);
  let c: u32 = 0;
  for (; c + LANES <= count; c += LANES) {
    const at = <usize>c << 2;
    vstore(y + at, madd(factors, vload(x + at), vload(y + at)));
  }
  for (; c < count; c++) {
    const at = <usize>c << 2;
    store<f32>(y + at, factor * load<f32>(x + at) + load<f32>(y + at));
  }
}
