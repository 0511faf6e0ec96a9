// RoPE of a vector at one position.

/**
 * to = factor · the numbers at from, of which pairs are turned: (x0,x1),(x2,x3)… if interleaved, else (x_i, x_{i+half}).
 * The two may be the same place.
 * @param turns (cos, sin) of each pair
 */
export function turn(to: usize, from: usize, width: u32, turns: usize, isInterleaved: u32, factor: f32): void {
  const pairs = width / 2;
  const apart: usize = isInterleaved ? 4 : <usize>pairs << 2;
  const step: usize = isInterleaved ? 8 : 4;
  for (let p: u32 = 0; p < pairs; p++, to += step, from += step, turns += 8) {
    const x = load<f32>(from);
    const y = load<f32>(from + apart);
    const cos = load<f32>(turns);
    const sin = load<f32>(turns + 4);
    store<f32>(to, (x * cos - y * sin) * factor);
    store<f32>(to + apart, (y * cos + x * sin) * factor);
  }
}
