// RoPE of a vector at one position.
import { scaleNumbers } from '../rows';
import { add, LANES, mul, PAIRS, sub, turnPairs, vload, vloadFirsts, vloadSeconds, vstore } from '../vector';

/**
 * to = factor · the numbers at from, of which pairs are turned: (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+half}).
 * The two may be the same place.
 * @param turns (cos, sin) of each pair
 */
export function turn(to: usize, from: usize, width: u32, turns: usize, isInterleaved: u32, factor: f32): void {
  const pairs = width / 2;
  const apart: usize = isInterleaved ? 4 : <usize>pairs << 2;
  let p: u32 = 0;
  if (isInterleaved) {
    for (; p + PAIRS <= pairs; p += PAIRS) {
      const at = <usize>p << 3;
      turnPairs(from + at, turns + at, 1, to + at);
    }
  } else {
    for (; p + LANES <= pairs; p += LANES) {
      const at = <usize>p << 2;
      const x = vload(from + at);
      const y = vload(from + apart + at);
      const cos = vloadFirsts(turns + 2 * at);
      const sin = vloadSeconds(turns + 2 * at);
      vstore(to + at, sub(mul(x, cos), mul(y, sin)));
      vstore(to + apart + at, add(mul(y, cos), mul(x, sin)));
    }
  }
  const step: usize = isInterleaved ? 8 : 4;
  for (; p < pairs; p++) {
    const at = <usize>p * step;
    const x = load<f32>(from + at);
    const y = load<f32>(from + at + apart);
    const cos = load<f32>(turns + (<usize>p << 3));
    const sin = load<f32>(turns + (<usize>p << 3) + 4);
    store<f32>(to + at, x * cos - y * sin);
    store<f32>(to + at + apart, y * cos + x * sin);
  }
  if (factor != 1) scaleNumbers(to, factor, width);
}
