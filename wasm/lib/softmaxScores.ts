// What a router with softmax scores and its gradient have in common.
import { exp, vexp } from './exp';
import { LANES, splat, sub, vload, vstore } from './vector';

/** to = e^(logits − largest), of so many. */
export function setExponentials(logits: usize, largest: f32, count: u32, to: usize): void {
  const largests = splat(largest);
  let e: u32 = 0;
  for (; e + LANES <= count; e += LANES) {
    const at = <usize>e << 2;
    vstore(to + at, vexp(sub(vload(logits + at), largests)));
  }
  for (; e < count; e++) {
    const at = <usize>e << 2;
    store<f32>(to + at, exp(load<f32>(logits + at) - largest));
  }
}

/** Σ of what belongs to the chosen experts. @param end 4 · how many they are */
// @ts-ignore: decorator
@inline
export function sumOfChosen(values: usize, experts: usize, end: usize): f32 {
  let total: f32 = 0;
  for (let k: usize = 0; k < end; k += 4) total += load<f32>(values + (<usize>load<u32>(experts + k) << 2));
  return total;
}
