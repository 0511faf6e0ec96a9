// Weights as they are stored: f32, or half precision, for which u16 stands as a type. Operations are written once for both and
// instantiated twice: `half ? f<u16>(…) : f<f32>(…)`.
import { LANES, Vec, vload, vloadHalf, vstore } from './vector';

/** LANES weights. @param i of the first, counted in weights. */
// @ts-ignore: decorator
@inline
export function vloadWeights<W>(start: usize, i: u32): Vec {
  if (sizeof<W>() == 2) return vloadHalf(start + (<usize>i << 1));
  return vload(start + (<usize>i << 2));
}

/** One weight. */
// @ts-ignore: decorator
@inline
export function loadWeight<W>(start: usize, i: u32): f32 {
  if (sizeof<W>() == 2) return widen(load<u16>(start + (<usize>i << 1)));
  return load<f32>(start + (<usize>i << 2));
}

/** So many weights, as f32. */
export function widenRow<W>(from: usize, count: u32, to: usize): void {
  let k: u32 = 0;
  for (; k + LANES <= count; k += LANES) vstore(to + (<usize>k << 2), vloadWeights<W>(from, k));
  for (; k < count; k++) store<f32>(to + (<usize>k << 2), loadWeight<W>(from, k));
}

function widen(half: u16): f32 {
  const rest = (<u32>half & 0x7fff) << 13;
  const number = reinterpret<u32>(reinterpret<f32>(rest) * reinterpret<f32>(0x77800000));
  return reinterpret<f32>(((<u32>half & 0x8000) << 16) | number | (rest > 0x0f7fffff ? 0x7f800000 : 0));
}
