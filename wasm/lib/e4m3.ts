// Numbers of eight bits with a scale a tile: shaders/lib/e4m3.wgsl.
import { div, LANES, lane0, largerSize, mostSize, mul, roundE4m3, splat, tileScales, vload, vstore } from './vector';

/** The bits of the largest of `count` sizes and of `largest`. */
export function largestSize(x: usize, count: u32, largest: u32): u32 {
  let sizes = splat(reinterpret<f32>(largest));
  let c: u32 = 0;
  for (; c + LANES <= count; c += LANES) sizes = largerSize(sizes, vload(x + (<usize>c << 2)));
  let most = mostSize(sizes);
  for (; c < count; c++) most = max(most, load<u32>(x + (<usize>c << 2)) & 0x7fffffff);
  return most;
}

/** The scale of a tile by the bits of its largest size; 0 where it holds what is not finite, and stays as it is. */
// @ts-ignore: decorator
@inline
export function tileScale(largest: u32): f32 {
  return lane0(tileScales(splat(reinterpret<f32>(largest))));
}

/** y = x in eight bits, times the scale. */
export function roundNumbers(x: usize, count: u32, scale: f32, y: usize): void {
  if (scale == 0) {
    if (x != y) memory.copy(y, x, <usize>count << 2);
    return;
  }
  const scales = splat(scale);
  let c: u32 = 0;
  for (; c + LANES <= count; c += LANES) {
    const at = <usize>c << 2;
    vstore(y + at, mul(roundE4m3(div(vload(x + at), scales)), scales));
  }
  for (; c < count; c++) {
    const at = <usize>c << 2;
    store<f32>(y + at, roundOne(load<f32>(x + at), scale));
  }
}

/** One number, with the bits of roundNumbers. */
// @ts-ignore: decorator
@inline
export function roundOne(x: f32, scale: f32): f32 {
  return scale == 0 ? x : lane0(mul(roundE4m3(splat(x / scale)), splat(scale)));
}
