// The part of sample.ts that looks at a row's tokens: how many are likelier than some, which are the best, which is drawn.
import { exp, vexp } from './exp';
import { add, anyLess, LANES, laneSum, mul, splat, sub, Vec, vload, vstore, whereLess } from './vector';

/** Below every finite logit that matters; what there is in place of a token where there are too few. */
export const LOWEST: f32 = -3.0e38;

/** The tokens of a row that may be drawn. Mass is relative to e^largest. */
@unmanaged
export class Candidates {
  logits: usize;
  /** How many. */
  end: u32;
  scale: f32;
  largest: f32;
  /** The mass of each, where there is room for all; else 0. */
  masses: usize;
  /** The mass of those that the last token was drawn from. */
  drawn_from: f32;
}

// @ts-ignore: decorator
@inline
function place(start: usize, i: u32): usize {
  return start + (<usize>i << 2);
}

// @ts-ignore: decorator
@inline
function vmass(c: Candidates, v: u32, logit: Vec): Vec {
  if (c.masses) return vload(place(c.masses, v));
  return vexp(sub(mul(logit, splat(c.scale)), splat(c.largest)));
}

// @ts-ignore: decorator
@inline
function massOf(c: Candidates, v: u32): f32 {
  if (c.masses) return load<f32>(place(c.masses, v));
  return exp(load<f32>(place(c.logits, v)) * c.scale - c.largest);
}

/** The likeliest tokens in falling order, of equal ones the smaller first: `count` logits at `best`, then as many tokens. */
export function findBest(logits: usize, end: u32, count: u32, best: usize): void {
  const tokens = place(best, count);
  for (let i: u32 = 0; i < count; i++) {
    store<f32>(place(best, i), LOWEST);
    store<u32>(place(tokens, i), 0);
  }
  const last = place(best, count - 1);
  let v: u32 = 0;
  for (; v + LANES <= end; v += LANES) {
    if (!anyLess(splat(load<f32>(last)), vload(place(logits, v)))) continue;
    for (let i = v; i < v + LANES; i++) insert(load<f32>(place(logits, i)), i, count, best);
  }
  for (; v < end; v++) insert(load<f32>(place(logits, v)), v, count, best);
}

function insert(logit: f32, token: u32, count: u32, best: usize): void {
  const tokens = place(best, count);
  if (!(logit > load<f32>(place(best, count - 1)))) return;
  let i = count - 1;
  for (; i > 0 && logit > load<f32>(place(best, i - 1)); i--) {
    store<f32>(place(best, i), load<f32>(place(best, i - 1)));
    store<u32>(place(tokens, i), load<u32>(place(tokens, i - 1)));
  }
  store<f32>(place(best, i), logit);
  store<u32>(place(tokens, i), token);
}

/** How many tokens are likelier than one of this logit. */
function countAbove(c: Candidates, logit: f32): f32 {
  const limit = splat(logit);
  const one = splat(1);
  const logits = c.logits;
  const end = c.end;
  let counts: Vec = splat(0);
  let v: u32 = 0;
  for (; v + LANES <= end; v += LANES) counts = add(counts, whereLess(limit, vload(place(logits, v)), one, splat(0)));
  let count = laneSum(counts);
  for (; v < end; v++) if (load<f32>(place(logits, v)) > logit) count += 1;
  return count;
}

/** The mass of the tokens likelier than one of this logit. */
function massAbove(c: Candidates, logit: f32): f32 {
  const limit = splat(logit);
  const logits = c.logits;
  const end = c.end;
  let masses: Vec = splat(0);
  let v: u32 = 0;
  for (; v + LANES <= end; v += LANES) {
    const own = vload(place(logits, v));
    if (anyLess(limit, own)) masses = add(masses, whereLess(limit, own, vmass(c, v, own), splat(0)));
  }
  let mass = laneSum(masses);
  for (; v < end; v++) if (load<f32>(place(logits, v)) > logit) mass += massOf(c, v);
  return mass;
}

/** The mass of tokens v to v + LANES − 1, nothing of those less likely than one of logit `lowest`. */
// @ts-ignore: decorator
@inline
function vmassFrom(c: Candidates, lowest: Vec, v: u32): Vec {
  const own = vload(place(c.logits, v));
  return whereLess(own, lowest, splat(0), vmass(c, v, own));
}

// @ts-ignore: decorator
@inline
function massOfFrom(c: Candidates, lowest: f32, v: u32): f32 {
  return load<f32>(place(c.logits, v)) < lowest ? 0 : massOf(c, v);
}

/** The mass of all tokens but those less likely than one of logit `lowest`. */
export function massFrom(c: Candidates, lowest: f32): f32 {
  let masses: Vec = splat(0);
  let v: u32 = 0;
  for (; v + LANES <= c.end; v += LANES) masses = add(masses, vmassFrom(c, splat(lowest), v));
  let mass = laneSum(masses);
  for (; v < c.end; v++) mass += massOfFrom(c, lowest, v);
  return mass;
}

/** Order-preserving integer of a float. */
function ordered(x: f32): u32 {
  const bits = reinterpret<u32>(x);
  return bits & 0x80000000 ? ~bits : bits | 0x80000000;
}

function unordered(key: u32): f32 {
  return reinterpret<f32>(key & 0x80000000 ? key & 0x7fffffff : ~key);
}

/**
 * The smallest logit from `lowest` on that has fewer than `count` tokens above it, or less than `mass` where count is 0: that of
 * the least likely survivor. @param likeliest the largest logit
 */
export function threshold(c: Candidates, lowest: f32, likeliest: f32, count: f32, mass: f32): f32 {
  let low = ordered(lowest);
  let high = ordered(likeliest);
  while (low < high) {
    const middle = low + (high - low) / 2;
    const limit = unordered(middle);
    if (count > 0 ? countAbove(c, limit) < count : massAbove(c, limit) < mass) high = middle;
    else low = middle + 1;
  }
  return unordered(low);
}

/** The mass of each of `members` runs of tokens: number m has m, m + members, … */
function setMemberMasses(c: Candidates, lowest: f32, members: u32, to: usize): void {
  const end = c.end;
  const limit = splat(lowest);
  for (let m: u32 = 0; m < members; m += LANES) {
    let masses: Vec = splat(0);
    let v = m;
    for (; v + LANES <= end; v += members) masses = add(masses, vmassFrom(c, limit, v));
    vstore(place(to, m), masses);
    for (let i = m; v < end; v++, i++) store<f32>(place(to, i), load<f32>(place(to, i)) + massOfFrom(c, lowest, v));
  }
}

/**
 * A token drawn by `uniform` in (0, 1) from those not less likely than one of logit `lowest`, −1 if there is none. They stand in
 * the order of `members` runs as sample.wgsl's threads have them: 1, or a multiple of LANES.
 * @param room for a number of each member
 */
export function draw(c: Candidates, lowest: f32, uniform: f32, members: u32, room: usize): i32 {
  if (members == 1) store<f32>(room, massFrom(c, lowest));
  else setMemberMasses(c, lowest, members, room);
  let total: f32 = 0;
  for (let m: u32 = 0; m < members; m++) total += load<f32>(place(room, m));
  c.drawn_from = total;
  const point = uniform * total;
  // The last member with anything to draw that starts before the drawn point.
  let drawer: i32 = -1;
  let before: f32 = 0;
  let sum: f32 = 0;
  for (let m: u32 = 0; m < members; m++) {
    const mass = load<f32>(place(room, m));
    if (mass > 0 && sum < point) {
      drawer = m;
      before = sum;
    }
    sum += mass;
  }
  if (drawer < 0) return -1;
  let token: i32 = -1;
  let rest = point - before;
  for (let v: u32 = drawer; v < c.end; v += members) {
    if (load<f32>(place(c.logits, v)) < lowest) continue;
    token = v;
    rest -= massOf(c, v);
    if (rest <= 0) break;
  }
  return token;
}
