// Draws the next token of each row, one row for ROW_THREADS threads, and moves its rollout on: temperature, top-k,
// top-p, then one uniform number against the cumulative probabilities, every thread’s tokens (thread, thread +
// ROW_THREADS, …) after those of the thread before. Keeps the token's log-probability and the entropy of the whole
// softmax at this temperature, as the trainer computes them, and the log-probability by which the token was drawn:
// among those that top-k and top-p left.
// logits: (B, V)   tokens, entropies: (R, T)   log_probs: (R, T) of (whole, drawn)
// alternatives: (R, T, ALTERNATIVES) of (token, bits of its log-probability)
import package::lib::finite::is_finite;
import package::lib::rng::{pcg4d, open_uniform};
import package::lib::decode_row::INVALID;
import package::lib::reduce::{WORKGROUP, row_best, row_max, row_index, row_sum_before, row_sums};
import package::lib::rollout::Rollout;
import constants::{ALTERNATIVES, ROW_THREADS};

const MAX_END_TOKENS = 16u;

struct Params {
  rows: u32,
  vocabulary: u32,
  max_new_tokens: u32,
}

struct Settings {  // 0: always the likeliest token.
  temperature: f32,
  top_p: f32,
  // 0: all.
  top_k: u32,
  // Tokens to draw at most; no more than the caches hold.
  max_new_tokens: u32,
  // Tokens from this one on are padding of the vocabulary and are never drawn.
  num_tokens: u32,
  num_end_tokens: u32,
  end_tokens: array<u32, MAX_END_TOKENS>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> settings: Settings;
@group(0) @binding(2) var<storage, read> live: array<u32>;
@group(0) @binding(3) var<storage, read> logits: array<f32>;
@group(0) @binding(4) var<storage, read_write> rollouts: array<Rollout>;
@group(0) @binding(5) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> log_probs: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> entropies: array<f32>;
@if(alternatives) @group(0) @binding(8) var<storage, read_write> alternatives: array<vec2u>;

// Order-preserving integer of a float.
fn ordered(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

// Whether a rollout ends with this token.
fn is_end(token: u32) -> bool {
  for (var i = 0u; i < settings.num_end_tokens; i++) {
    if (token == settings.end_tokens[i]) { return true; }
  }
  return false;
}

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
// In the place of a log-probability, which none can be: the logits of this token were not all finite.
const NOT_FINITE = 3.0e38;

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

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup: u32,
) {
  @if(!subgroups) const subgroup = 1u;
  let row = row_index(group, groups, index);
  let place = live[min(row, params.rows - 1u)];
  // A row of no rollout, or of one that is done, has no tokens, but comes along to the barriers.
  var rollout = Rollout();
  var goes_on = row < params.rows && place != INVALID;
  if (goes_on) {
    rollout = rollouts[place];
    goes_on = rollout.done != 1u;
  }
  let is_greedy = settings.temperature == 0.0;
  var m: Member;
  m.first = index % ROW_THREADS;
  m.base = row * params.vocabulary;
  m.end = select(0u, settings.num_tokens, goes_on);
  m.scale = select(1.0 / settings.temperature, 1.0, is_greedy);
  m.index = index;
  let vocabulary = select(0u, params.vocabulary, goes_on);
  var largest = LOWEST;
  for (var v = m.first; v < vocabulary; v += ROW_THREADS) {
    let scaled = logits[m.base + v] * m.scale;
    largest = max(largest, select(NOT_FINITE, scaled, is_finite(scaled)));
  }
  m.largest = row_max(largest, index, subgroup);
  var sums = vec2f(0.0);
  for (var v = m.first; v < vocabulary; v += ROW_THREADS) {
    let shifted = logits[m.base + v] * m.scale - m.largest;
    let e = exp(shifted);
    sums += vec2f(e, e * shifted);
  }
  sums = row_sums(sums, index, subgroup);
  let log_total = log(sums.x);
  const ahead_of_all = vec2f(-LOWEST, 0.0);
  var token = u32(next_best(m, subgroup, ahead_of_all).y);
  // The likeliest token is certain.
  var drawn_log_prob = 0.0;
  if (!is_greedy) {
    var lowest = 0u;
    if (settings.top_k > 0u) { lowest = threshold(m, subgroup, 0u, f32(settings.top_k), -LOWEST); }
    if (settings.top_p < 1.0) {
      let kept = row_sums(own_above(m, lowest, 0u), index, subgroup).y;
      lowest = max(lowest, threshold(m, subgroup, lowest, -LOWEST, settings.top_p * kept));
    }
    let bits = pcg4d(vec4u(rollout.key0, rollout.key1, rollout.key2, rollout.length));
    let drawn = draw(m, subgroup, lowest, open_uniform(bits.x));
    if (drawn.x >= 0.0) { token = u32(drawn.x); }
    drawn_log_prob = logits[m.base + token] * m.scale - (m.largest + log(drawn.y));
  }
  let is_writer = goes_on && m.first == 0u;
  let at = place * params.max_new_tokens + rollout.length;
  @if(alternatives) {
    var last = ahead_of_all;
    for (var a = 0u; a < ALTERNATIVES; a++) {
      last = next_best(m, subgroup, last);
      let log_prob = last.x * m.scale - (m.largest + log_total);
      if (is_writer) { alternatives[at * ALTERNATIVES + a] = vec2u(u32(last.y), bitcast<u32>(log_prob)); }
    }
  }
  if (!is_writer) { return; }
  tokens[at] = token;
  if (m.largest >= NOT_FINITE) {
    // Nothing that it would go on with is worth anything.
    log_probs[at] = vec2f(NOT_FINITE);
    entropies[at] = 0.0;
    rollouts[place].length = rollout.length + 1u;
    rollouts[place].done = 1u;
    return;
  }
  log_probs[at] = vec2f(logits[m.base + token] * m.scale - (m.largest + log_total), drawn_log_prob);
  entropies[at] = log_total - sums.y / sums.x;
  rollouts[place].token = token;
  rollouts[place].length = rollout.length + 1u;
  if (is_end(token) || rollout.length + 1u >= settings.max_new_tokens) { rollouts[place].done = 1u; }
}
