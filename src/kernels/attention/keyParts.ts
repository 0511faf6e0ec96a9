// Keys of a decode step in parts.

/** Parts in which so many keys are attended to, side by side: as key_parts in shaders/lib/decode_row.wgsl. */
export function keyParts(numKeys: number): number {
  let parts = 1;
  while (parts * parts * 8 < numKeys) parts *= 2;
  return parts;
}

/** Numbers that an invocation of attention may keep in registers, of which no graphics card gives it more than 255. */
export const MOST_NUMBERS = 192;
