// Draws the next token of each row, one row for ROW_THREADS threads, and moves its rollout on: temperature, top-k,
// top-p, min-p, then one uniform number against the cumulative probabilities, every thread’s tokens (thread, thread +
// ROW_THREADS, …) after those of the thread before. Keeps the token's log-probability and the entropy of the whole
// softmax at this temperature, as the trainer computes them, and the log-probability by which the token was drawn:
// among those that top-k, top-p and min-p left.
// Row r of the draw reads row r · stride + first of what there is.
// drafted: only of rollouts whose last token is the one that was drafted.
// logits: (B, V)   tokens, entropies: (R, T)   log_probs: (R, T) of (whole, drawn)
// alternatives: (R, T, ALTERNATIVES) of (token, bits of its log-probability)
import package::lib::finite::is_finite;
import package::lib::rng::{pcg4d, open_uniform};
import package::lib::decode_row::INVALID;
import package::lib::candidates::{Member, LOWEST, draw, next_best, ordered, own_above, threshold};
import package::lib::reduce::{WORKGROUP, row_max, row_index, row_sums};
import package::lib::rollout::Rollout;
import constants::{ALTERNATIVES, ROW_THREADS};

const MAX_END_TOKENS = 16u;

struct Params {
  rows: u32,
  vocabulary: u32,
  max_new_tokens: u32,
  stride: u32,
  first: u32,
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
  // Of the likeliest token's probability: what is less likely is not drawn; 0 for none.
  min_p: f32,
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
@if(drafted) @group(0) @binding(9) var<storage, read> drafts: array<u32>;

// Whether a rollout ends with this token.
fn is_end(token: u32) -> bool {
  for (var i = 0u; i < settings.num_end_tokens; i++) {
    if (token == settings.end_tokens[i]) { return true; }
  }
  return false;
}

// In the place of a log-probability, which none can be: the logits of this token were not all finite.
const NOT_FINITE = 3.0e38;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup: u32,
) {
  @if(!subgroups) const subgroup = 1u;
  let row = row_index(group, groups, index);
  let read = min(row, params.rows - 1u) * params.stride + params.first;
  let place = live[read];
  // A row of no rollout, or of one that is done, has no tokens, but comes along to the barriers.
  var rollout = Rollout();
  var goes_on = row < params.rows && place != INVALID;
  if (goes_on) {
    rollout = rollouts[place];
    goes_on = rollout.done != 1u;
    @if(drafted) { goes_on = goes_on && drafts[place] == rollout.token; }
  }
  let is_greedy = settings.temperature == 0.0;
  var m: Member;
  m.first = index % ROW_THREADS;
  m.base = read * params.vocabulary;
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
  let best = next_best(m, subgroup, ahead_of_all);
  var token = u32(best.y);
  // The likeliest token is certain.
  var drawn_log_prob = 0.0;
  if (!is_greedy) {
    var lowest = 0u;
    if (settings.top_k > 0u) { lowest = threshold(m, subgroup, 0u, f32(settings.top_k), -LOWEST); }
    if (settings.top_p < 1.0) {
      let kept = row_sums(own_above(m, lowest, 0u), index, subgroup).y;
      lowest = max(lowest, threshold(m, subgroup, lowest, -LOWEST, settings.top_p * kept));
    }
    if (settings.min_p > 0.0) { lowest = max(lowest, ordered(best.x + log(settings.min_p) * settings.temperature)); }
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
