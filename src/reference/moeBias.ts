// Load balancing without an auxiliary loss (DeepSeek-V3, arXiv 2412.19437, §2.1.2): experts with less than the mean load become
// a little easier to choose, the others a little harder.
import { at, type Numbers, sum } from './array';

/** bias (E), load (E): tokens sent to each expert in the step → bias + speed · sign(mean(load) − load). */
export function moeBias(bias: Numbers, load: Numbers, speed: number): Float64Array {
  const mean = sum(load) / load.length;
  return Float64Array.from(bias, (value, e) => value + speed * Math.sign(mean - at(load, e)));
}
