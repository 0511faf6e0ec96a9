// AdamW over pooled parameters: shaders/optimizer/adamw.wgsl.
import { Settings, State } from '../lib/optimizer';
import { scratch } from '../lib/scratch';
import { Address, ceilDiv, Constant } from '../lib/types';
import {
  add, div, LANES, mul, splat, STEP, sub, vabs, Vec, vload, vsqrt, vstore, vstoreHalf, zeroWhereLess,
} from '../lib/vector';

@unmanaged
class Adamw {
  settings: Address;
  state: Address;
  weights: Address;
  gradient: Address;
  first_moment: Address;
  second_moment: Address;
  undecayed: Address;
  halves: Address;
  size: u32;
  DECAY_BLOCK: Constant;
}

const BLOCKS_OF_UNIT: u32 = 128;

export function adamw_units(args: Adamw): u32 {
  return ceilDiv(args.size, BLOCKS_OF_UNIT * args.DECAY_BLOCK);
}

export function adamw(args: Adamw, unit: u32): void {
  const length = BLOCKS_OF_UNIT * args.DECAY_BLOCK;
  const first = unit * length;
  const end = min(args.size, first + length);
  if (changetype<State>(args.state).proceed) {
    for (let i = first; i < end; i += args.DECAY_BLOCK) updateBlock(args, i, min(end - i, args.DECAY_BLOCK));
  }
  memory.fill(args.gradient + (<usize>first << 2), 0, <usize>(end - first) << 2);
}

function updateBlock(args: Adamw, first: u32, n: u32): void {
  const settings = changetype<Settings>(args.settings);
  const block = first / args.DECAY_BLOCK;
  const word = load<u32>(args.undecayed + (<usize>(block >> 5) << 2));
  const is_left = (word >> (block & 31)) & 1;
  const kept: f32 = is_left ? 1 : 1 - settings.learning_rate * settings.weight_decay;
  const at = <usize>first << 2;
  const weights = args.weights + at;
  const gradient = args.gradient + at;
  const m = args.first_moment + at;
  const v = args.second_moment + at;
  const halves = args.halves ? args.halves + at / 2 : 0;
  const rest = n % LANES;
  update(args, n - rest, kept, weights, gradient, m, v, halves);
  if (rest) updateLast(args, n - rest, rest, kept, weights, gradient, m, v, halves);
}

/** The numbers after the last whole Vec, by way of one with room for them. */
function updateLast(
  args: Adamw, first: u32, n: u32, kept: f32, weights: usize, gradient: usize, m: usize, v: usize, halves: usize,
): void {
  const at = <usize>first << 2;
  const bytes = <usize>n << 2;
  const room = scratch();
  memory.fill(room, 0, 4 * STEP);
  memory.copy(room, weights + at, bytes);
  memory.copy(room + STEP, gradient + at, bytes);
  memory.copy(room + 2 * STEP, m + at, bytes);
  memory.copy(room + 3 * STEP, v + at, bytes);
  update(args, LANES, kept, room, room + STEP, room + 2 * STEP, room + 3 * STEP, halves ? room + 4 * STEP : 0);
  memory.copy(weights + at, room, bytes);
  memory.copy(m + at, room + 2 * STEP, bytes);
  memory.copy(v + at, room + 3 * STEP, bytes);
  if (halves) memory.copy(halves + at / 2, room + 4 * STEP, bytes / 2);
}

/** n is a multiple of LANES. */
function update(
  args: Adamw, n: u32, kept: f32, weights: usize, gradient: usize, m: usize, v: usize, halves: usize,
): void {
  const settings = changetype<Settings>(args.settings);
  const state = changetype<State>(args.state);
  const scale = splat(state.scale);
  const beta1 = splat(settings.beta1);
  const of_gradient = splat(1 - settings.beta1);
  const beta2 = splat(settings.beta2);
  const of_square = splat(1 - settings.beta2);
  const correction = splat(1 / (1 - state.beta2_power));
  const epsilon = splat(settings.epsilon);
  const rate = splat(settings.learning_rate / (1 - state.beta1_power));
  const decay = splat(kept);
  for (let i: u32 = 0; i < n; i += LANES) {
    const at = <usize>i << 2;
    const g = mul(vload(gradient + at), scale);
    const mean = flushed(add(mul(beta1, vload(m + at)), mul(of_gradient, g)));
    const square = flushed(add(mul(beta2, vload(v + at)), mul(mul(of_square, g), g)));
    vstore(m + at, mean);
    vstore(v + at, square);
    const denominator = add(vsqrt(mul(square, correction)), epsilon);
    const weight = sub(mul(vload(weights + at), decay), div(mul(rate, mean), denominator));
    vstore(weights + at, weight);
    if (halves) vstoreHalf(halves + at / 2, weight);
  }
}

const LEAST_NORMAL: f32 = 1.17549435e-38;

/** 0 for a subnormal number: on those, where a mean fades out for good, many processors take a hundred times as long. */
// @ts-ignore: decorator
@inline
function flushed(x: Vec): Vec {
  return zeroWhereLess(vabs(x), splat(LEAST_NORMAL), x);
}
