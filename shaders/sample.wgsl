// Draws the next token of each row, one row an invocation, and moves its rollout on: temperature, top-k, top-p, then one
// uniform number against the cumulative probabilities. Keeps the token's log-probability and the entropy of the whole
// softmax at this temperature, as the trainer computes them.
// logits: (B, V)   tokens, log_probs, entropies: (R, T)   alternatives: (R, T, ALTERNATIVES) of (token, bits of its log-probability)
import package::lib::rng::{pcg4d, open_uniform};
import constants::ALTERNATIVES;
import package::lib::decode_row::INVALID;
import package::lib::rollout::Rollout;

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
  end_token: u32,
  // Tokens to draw at most; no more than the caches hold.
  max_new_tokens: u32,
  // Tokens from this one on are padding of the vocabulary and are never drawn.
  num_tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> settings: Settings;
@group(0) @binding(2) var<storage, read> live: array<u32>;
@group(0) @binding(3) var<storage, read> logits: array<f32>;
@group(0) @binding(4) var<storage, read_write> rollouts: array<Rollout>;
@group(0) @binding(5) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(6) var<storage, read_write> log_probs: array<f32>;
@group(0) @binding(7) var<storage, read_write> entropies: array<f32>;
@if(alternatives) @group(0) @binding(8) var<storage, read_write> alternatives: array<vec2u>;

// Order-preserving integer of a float.
fn ordered(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

// Number and probability mass (relative to exp(largest)) of tokens at or above `lowest` whose key is above `key`.
fn above(base: u32, lowest: u32, key: u32, largest: f32, scale: f32) -> vec2f {
  var found = vec2f(0.0);
  for (var v = 0u; v < settings.num_tokens; v++) {
    let logit = logits[base + v];
    let k = ordered(logit);
    if (k >= lowest && k > key) { found += vec2f(1.0, exp(logit * scale - largest)); }
  }
  return found;
}

// Smallest key with fewer than `count` tokens and less than `mass` above it: the least likely survivor.
fn threshold(base: u32, lowest: u32, count: f32, mass: f32, largest: f32, scale: f32) -> u32 {
  var low = 0u;
  var high = 0xffffffffu;
  while (low < high) {
    let middle = low + (high - low) / 2u;
    let found = above(base, lowest, middle, largest, scale);
    if (found.x < count && found.y < mass) { high = middle; } else { low = middle + 1u; }
  }
  return low;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.rows) { return; }
  let index = live[id.x];
  if (index == INVALID) { return; }
  let rollout = rollouts[index];
  if (rollout.done == 1u) { return; }
  let base = id.x * params.vocabulary;
  let is_greedy = settings.temperature == 0.0;
  let scale = select(1.0 / settings.temperature, 1.0, is_greedy);
  var likeliest = 0u;
  var largest = -3.0e38;
  for (var v = 0u; v < params.vocabulary; v++) {
    let x = logits[base + v] * scale;
    if (x > largest) {
      largest = x;
      if (v < settings.num_tokens) { likeliest = v; }
    }
  }
  var total = 0.0;
  var weighted = 0.0;
  for (var v = 0u; v < params.vocabulary; v++) {
    let shifted = logits[base + v] * scale - largest;
    let e = exp(shifted);
    total += e;
    weighted += e * shifted;
  }
  let log_total = log(total);
  var lowest = 0u;
  if (settings.top_k > 0u && !is_greedy) {
    lowest = threshold(base, 0u, f32(settings.top_k), 3.0e38, largest, scale);
  }
  if (settings.top_p < 1.0 && !is_greedy) {
    let kept = above(base, lowest, 0u, largest, scale).y;
    lowest = max(lowest, threshold(base, lowest, 3.0e38, settings.top_p * kept, largest, scale));
  }
  var token = likeliest;
  if (!is_greedy) {
    let draw = pcg4d(vec4u(rollout.key0, rollout.key1, rollout.key2, rollout.length));
    var left = open_uniform(draw.x) * above(base, lowest, 0u, largest, scale).y;
    for (var v = 0u; v < settings.num_tokens; v++) {
      let logit = logits[base + v];
      if (ordered(logit) < lowest) { continue; }
      token = v;
      left -= exp(logit * scale - largest);
      if (left <= 0.0) { break; }
    }
  }
  let at = index * params.max_new_tokens + rollout.length;
  tokens[at] = token;
  log_probs[at] = logits[base + token] * scale - (largest + log_total);
  entropies[at] = log_total - weighted / total;
  @if(alternatives) {
    var last = 0xffffffffu;
    var last_token = 0u;
    for (var a = 0u; a < ALTERNATIVES; a++) {
      var best = 0u;
      var best_key = 0u;
      for (var v = 0u; v < settings.num_tokens; v++) {
        let key = ordered(logits[base + v]);
        let is_next = key < last || (key == last && v > last_token);
        if (is_next && key > best_key) {
          best = v;
          best_key = key;
        }
      }
      alternatives[at * ALTERNATIVES + a] = vec2u(best, bitcast<u32>(logits[base + best] * scale - (largest + log_total)));
      last = best_key;
      last_token = best;
    }
  }
  rollouts[index].token = token;
  rollouts[index].length = rollout.length + 1u;
  if (token == settings.end_token || rollout.length + 1u >= settings.max_new_tokens) { rollouts[index].done = 1u; }
}
