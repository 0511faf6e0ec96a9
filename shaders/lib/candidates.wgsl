// The part of sample.wgsl that looks at a row's tokens: how many are likelier than some, which is the next best, which is drawn.
import package::lib::reduce::{row_best, row_max, row_sum_before, row_sums};
import package::sample::logits;
import constants::ROW_THREADS;

// One row's logits as one of its threads sees them.
struct Member {
  first: u32,
  // Where the row's logits start; where those end that may be drawn.
  base: u32,
  end: u32,
  scale: f32,
  largest: f32,
  index: u32,
}

const LOWEST = -3.0e38;

// Order-preserving integer of a float.
fn ordered(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

// Number and probability mass (relative to exp(largest)) of the member's tokens at or above `lowest` whose key is above `key`.
fn own_above(m: Member, lowest: u32, key: u32) -> vec2f {
  var found = vec2f(0.0);
  for (var v = m.first; v < m.end; v += ROW_THREADS) {
    let logit = logits[m.base + v];
    let k = ordered(logit);
    if (k >= lowest && k > key) { found += vec2f(1.0, exp(logit * m.scale - m.largest)); }
  }
  return found;
}

// Smallest key with fewer than `count` tokens and less than `mass` above it: the least likely survivor.
fn threshold(m: Member, subgroup: u32, lowest: u32, count: f32, mass: f32) -> u32 {
  var low = 0u;
  var high = 0xffffffffu;
  for (var bit = 0; bit < 32; bit++) {
    let middle = low + (high - low) / 2u;
    let found = row_sums(own_above(m, lowest, middle), m.index, subgroup);
    if (found.x < count && found.y < mass) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

// A token drawn by `uniform` in (0, 1) from those at or above `lowest`, negative if there is none, and their mass.
fn draw(m: Member, subgroup: u32, lowest: u32, uniform: f32) -> vec2f {
  let mass = own_above(m, lowest, 0u).y;
  let before = row_sum_before(mass, m.index, subgroup);
  let total = row_sums(vec2f(mass, 0.0), m.index, subgroup).x;
  let left = uniform * total;
  // The last member with anything to draw that starts before the drawn point.
  let drawer = row_max(select(-1.0, f32(m.first), mass > 0.0 && before < left), m.index, subgroup);
  var token = -1.0;
  if (f32(m.first) == drawer) {
    var rest = left - before;
    for (var v = m.first; v < m.end; v += ROW_THREADS) {
      let logit = logits[m.base + v];
      if (ordered(logit) < lowest) { continue; }
      token = f32(v);
      rest -= exp(logit * m.scale - m.largest);
      if (rest <= 0.0) { break; }
    }
  }
  return vec2f(row_max(token, m.index, subgroup), total);
}

// The likeliest token after `last` in the order of falling logits, of equal ones that with the smaller number: (logit, token).
fn next_best(m: Member, subgroup: u32, last: vec2f) -> vec2f {
  var best = vec2f(LOWEST, 0.0);
  for (var v = m.first; v < m.end; v += ROW_THREADS) {
    let logit = logits[m.base + v];
    let is_next = logit < last.x || (logit == last.x && f32(v) > last.y);
    if (is_next && logit > best.x) { best = vec2f(logit, f32(v)); }
  }
  return row_best(best, m.index, subgroup);
}
