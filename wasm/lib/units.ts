// How work is cut into units.
import { ceilDiv } from './types';

/** Numbers that simple arithmetic goes through in ten to twenty microseconds: a unit of it. */
export const SIMPLE: u32 = 32768;
/** The same where each number takes an exponential or a root. */
export const COSTLY: u32 = 8192;

/** Rows that make a unit of about so many numbers. At least one. */
// @ts-ignore: decorator
@inline
export function rowsOfUnit(width: u32, numbers: u32): u32 {
  return max<u32>(1, numbers / max<u32>(1, width));
}

/** Units of work that is cut by rows. */
// @ts-ignore: decorator
@inline
export function unitsOfRows(rows: u32, width: u32, numbers: u32): u32 {
  return ceilDiv(rows, rowsOfUnit(width, numbers));
}
