// Rotary position embedding: shaders/attention/rope.wgsl.
import { Address } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { add, LANES, mul, PAIRS, splat, sub, turnPairs, vload, vloadFirsts, vloadSeconds, vstore } from '../lib/vector';

@unmanaged
class Rope {
  x: Address;
  table: Address;
  positions: Address;
  y: Address;
  rows: u32;
  heads: u32;
  head_width: u32;
  rope: u32;
  rope_at: u32;
  x_stride: u32;
  x_offset: u32;
  y_stride: u32;
  y_offset: u32;
  interleaved: u32;
  sign: f32;
}

export function rope_units(args: Rope): u32 {
  return unitsOfRows(args.rows, args.heads * args.head_width, SIMPLE);
}

export function rope(args: Rope, unit: u32): void {
  const heads = args.heads;
  const head_width = args.head_width;
  const before = args.rope_at;
  const turned = args.rope;
  const after = head_width - before - turned;
  const to_turned = <usize>before << 2;
  const to_rest = <usize>(before + turned) << 2;
  const half = turned >> 1;
  const interleaved = args.interleaved;
  const sign = args.sign;
  const some = rowsOfUnit(heads * head_width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const turns = args.table + (<usize>(load<u32>(args.positions + (<usize>row << 2)) * half) << 3);
    let x = args.x + (<usize>(row * args.x_stride + args.x_offset) << 2);
    let y = args.y + (<usize>(row * args.y_stride + args.y_offset) << 2);
    for (let head: u32 = 0; head < heads; head++) {
      copy(x, y, before);
      if (interleaved) turnNeighbours(x + to_turned, turns, half, sign, y + to_turned);
      else turnHalves(x + to_turned, turns, half, sign, y + to_turned);
      copy(x + to_rest, y + to_rest, after);
      x += <usize>head_width << 2;
      y += <usize>head_width << 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function copy(x: usize, y: usize, n: u32): void {
  let c: u32 = 0;
  for (; c + LANES <= n; c += LANES) vstore(y + (<usize>c << 2), vload(x + (<usize>c << 2)));
  for (; c < n; c++) store<f32>(y + (<usize>c << 2), load<f32>(x + (<usize>c << 2)));
}

/** Pairs (x₀, x₁), (x₂, x₃) … */
// @ts-ignore: decorator
@inline
function turnNeighbours(x: usize, turns: usize, half: u32, sign: f32, y: usize): void {
  let pair: u32 = 0;
  for (; pair + PAIRS <= half; pair += PAIRS) {
    const at = <usize>pair << 3;
    turnPairs(x + at, turns + at, sign, y + at);
  }
  for (; pair < half; pair++) {
    const at = <usize>pair << 3;
    turnPair(x + at, x + at + 4, turns + at, sign, y + at, y + at + 4);
  }
}

/** Pairs (x₀, x_half), (x₁, x_half₊₁) … */
// @ts-ignore: decorator
@inline
function turnHalves(x: usize, turns: usize, half: u32, sign: f32, y: usize): void {
  const to_second = <usize>half << 2;
  let pair: u32 = 0;
  for (; pair + LANES <= half; pair += LANES) {
    const at = <usize>pair << 2;
    const u = vload(x + at);
    const v = vload(x + at + to_second);
    const cos = vloadFirsts(turns + 2 * at);
    const sin = mul(vloadSeconds(turns + 2 * at), splat(sign));
    vstore(y + at, sub(mul(u, cos), mul(v, sin)));
    vstore(y + at + to_second, add(mul(v, cos), mul(u, sin)));
  }
  for (; pair < half; pair++) {
    const at = <usize>pair << 2;
    turnPair(x + at, x + at + to_second, turns + 2 * at, sign, y + at, y + at + to_second);
  }
}

// @ts-ignore: decorator
@inline
function turnPair(first: usize, second: usize, turn: usize, sign: f32, y_first: usize, y_second: usize): void {
  const u = load<f32>(first);
  const v = load<f32>(second);
  const cos = load<f32>(turn);
  const sin = load<f32>(turn + 4) * sign;
  store<f32>(y_first, u * cos - v * sin);
  store<f32>(y_second, v * cos + u * sin);
}
