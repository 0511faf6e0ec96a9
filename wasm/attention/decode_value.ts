// What mla_decode sums, divided by the weights' total and up-projected to values: shaders/attention/decode_value.wgsl.
import { endOfLive } from '../lib/attention/decode';
import { dots } from '../lib/dots';
import { scaleRows } from '../lib/rows';
import { scratch, SCRATCH_BYTES } from '../lib/scratch';
import { Address, ceilDiv, Condition, perVector } from '../lib/types';

@unmanaged
class DecodeValue {
  places: Address;
  sums: Address;
  totals: Address;
  pool: Address;
  y: Address;
  rows: u32;
  heads: u32;
  parts: u32;
  nope: u32;
  value: u32;
  rank: u32;
  w_at: u32;
  vec4: Condition;
  half: Condition;
}

/** Rows that read weights together. */
const ROWS: u32 = 16;
/** Products, about as many as are worth a thread's waking. */
const PRODUCTS_OF_UNIT: u32 = 131072;

/** In scratch, before room for four rows of weights. */
const FACTORS_BYTES: usize = <usize>ROWS << 2;

// A piece is one head of ROWS rows.
function piecesOf(args: DecodeValue): u32 {
  return ceilDiv(args.rows, ROWS) * args.heads;
}

function piecesOfUnit(args: DecodeValue): u32 {
  return max(1, PRODUCTS_OF_UNIT / (min(args.rows, ROWS) * args.value * args.rank * perVector(args.vec4)));
}

export function decode_value_units(args: DecodeValue): u32 {
  return ceilDiv(piecesOf(args), piecesOfUnit(args));
}

export function decode_value(args: DecodeValue, unit: u32): void {
  const some = piecesOfUnit(args);
  const end = min(piecesOf(args), (unit + 1) * some);
  for (let i = unit * some; i < end; i++) {
    const first = (i / args.heads) * ROWS;
    args.half ? project<u16>(args, i % args.heads, first) : project<f32>(args, i % args.heads, first);
  }
}

function project<W>(args: DecodeValue, head: u32, first: u32): void {
  const heads = args.heads;
  const parts = args.parts;
  const value = args.value;
  const rank = args.rank * perVector(args.vec4);
  const rows = endOfLive(args.places, first, min(args.rows, first + ROWS)) - first;
  const at = first * heads + head;
  const sums = args.sums + (<usize>(at * parts * rank) << 2);
  const w = args.pool + <usize>(args.w_at + (head * (args.nope + value) + args.nope) * rank) * sizeof<W>();
  const y = args.y + (<usize>(at * value) << 2);
  const factors = scratch();
  const panel = (<usize>rank << 4) <= SCRATCH_BYTES - FACTORS_BYTES ? factors + FACTORS_BYTES : 0;
  dots<W>(sums, heads * parts * rank, rows, w, rank, value, rank, y, heads * value, panel);
  for (let r: u32 = 0; r < rows; r++) {
    const total = load<f32>(args.totals + (<usize>((at + r * heads) * parts) << 2));
    store<f32>(factors + (<usize>r << 2), 1 / total);
  }
  scaleRows(y, <usize>(heads * value) << 2, rows, value, factors);
}
