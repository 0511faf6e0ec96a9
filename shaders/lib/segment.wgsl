// Rows that one part of a sum over rows covers.

// First row and one past the last of part number `part` of `parts` equal ones.
fn part_of(first: u32, count: u32, part: u32, parts: u32) -> vec2u {
  let length = (count + parts - 1u) / parts;
  return first + min(vec2u(part * length, (part + 1u) * length), vec2u(count));
}
