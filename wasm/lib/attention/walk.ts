// What training attention walks: spans of a packed batch (shaders/lib/span.wgsl), and how its work is cut.
//
// A token's position is its place in its text, prefix included: a query sees the keys of its text whose positions are 0 …
// window − 1 before its own.
import { ceilDiv } from '../types';
import { splat, Vec, whereLess } from '../vector';
import { BLOCK } from './blocks';

@unmanaged
export class Span {
  prefix: u32;
  prefixEnd: u32;
  own: u32;
  end: u32;
}

// @ts-ignore: decorator
@inline
export function spanOf(spans: usize, n: u32): Span {
  return changetype<Span>(spans + (<usize>n << 4));
}

// @ts-ignore: decorator
@inline
export function positionOf(span: Span, n: u32): u32 {
  return span.prefixEnd - span.prefix + n - span.own;
}

/** The first token from n on, before `end`, that is of another sequence; `end` if there is none. */
export function sequenceEnd(spans: usize, n: u32, end: u32): u32 {
  const own = spanOf(spans, n).own;
  let next = n + 1;
  while (next < end && spanOf(spans, next).own == own) next++;
  return next;
}

/** Walked rows at a time: what they need lies in scratch, in the nearest cache. A multiple of four. */
export const CHUNK: u32 = 256;

// Where in scratch lie, of the walked rows: their numbers, positions (f32) where they are not in order, and BLOCK scores and
// slopes each.
export const ROWS: usize = 0;
export const POSITIONS: usize = 1024;
export const SCORES: usize = 2048;
export const SLOPES: usize = 10240;
/** Numbers of the rows of a block, by lane. */
export const LANE_POSITIONS: usize = 18432;
export const LANE_LARGEST: usize = 18464;
export const LANE_TOTALS: usize = 18496;
export const LANE_FACTORS: usize = 18528;
export const LANE_DELTAS: usize = 18560;
/** The rows of a block, side by side. */
export const LAID_OUT: usize = 18592;

/** x where a key that is so many positions before a query is seen, else `unseen`. */
// @ts-ignore: decorator
@inline
export function whereSeen(before: Vec, window: f32, x: Vec, unseen: Vec): Vec {
  return whereLess(before, splat(0), unseen, whereLess(before, splat(window), x, unseen));
}

/** Positions of the rows of a block, the last of `count` standing for the missing ones. */
export function layOutPositions(to: usize, first: u32, count: u32): void {
  for (let i: u32 = 0; i < BLOCK; i++) store<f32>(to + (<usize>i << 2), <f32>(first + min(i, count - 1)));
}

/** Lists the keys of a text at the positions from … to − 1. */
export function listKeys(scratch: usize, span: Span, from: u32, to: u32): void {
  const prefix = span.prefix;
  const length = span.prefixEnd - prefix;
  const own = span.own - length;
  let row = scratch + ROWS;
  for (let p = from; p < to; p++, row += 4) store<u32>(row, p + (p < length ? prefix : own));
}

/** Products so few are not worth waking a thread for. */
const FEW_PRODUCTS: f32 = 100000;
/** Pieces that keep all threads busy to the end. */
const MANY_PIECES: u32 = 16;

/** Neighbouring tokens of one head that are one piece of work: fewer where there are few. A multiple of BLOCK. */
export function tokensOfPiece(rows: u32, heads: u32): u32 {
  return min(128, max(32, (rows * heads / MANY_PIECES) & ~(BLOCK - 1)));
}

export function piecesOf(rows: u32, heads: u32): u32 {
  return ceilDiv(rows, tokensOfPiece(rows, heads)) * heads;
}

/** Into how many units the pieces are dealt, one after the other. @param width products of a query with a key and its value */
export function attentionUnits(rows: u32, heads: u32, width: u32): u32 {
  const products = <f32>rows * <f32>rows * <f32>heads * <f32>width;
  return products < FEW_PRODUCTS ? 1 : piecesOf(rows, heads);
}
