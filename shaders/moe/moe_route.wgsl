// DeepSeek-V3's router, one token an invocation: sigmoid scores; groups ranked by the sum of their two largest biased scores;
// the best experts of the kept groups by biased score; weights from the unbiased scores. Ties go to the lower index.
// logits: (N, E)   bias: (E)   experts, weights: (N, K + shared): the chosen, best first, then the shared experts,
// numbers E … with weights of one; tokens past the batch have expert E + shared.
// counted: adds the tokens sent to each expert to load (E).
// sorted: all in one workgroup, which then counts (load) and sorts the slots by expert (lib/few_slots.wgsl) instead of
// writing experts:
//   order: slot at each sorted place, INVALID in the padding of an expert's slots to whole tiles   place: (N, K + shared)
//   tile_key: (tiles) expert of each tile, E + shared where there is none
import package::lib::activations::sigmoid;
import package::lib::index::flat_index;
import constants::{TOP_K, SHARED};
@if(sorted) import package::lib::few_slots::{INVALID, RUNS, first_tiles, next_place, run_of, set_key, sum_up, totals};
@if(sorted) import constants::BUCKETS;

struct Params {
  rows: u32,
  num_experts: u32,
  num_groups: u32,
  kept_groups: u32,
  normalize: u32,
  scale: f32,
  // Slots of a tile, and tiles that there may be, where slots are sorted.
  tile: u32,
  tiles: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> num_tokens: array<u32>;
@group(0) @binding(4) var<storage, read_write> weights: array<f32>;
@if(!sorted) @group(0) @binding(5) var<storage, read_write> experts: array<u32>;
@if(counted) @group(0) @binding(6) var<storage, read_write> load: array<atomic<u32>>;
@if(sorted) @group(0) @binding(6) var<storage, read_write> load: array<u32>;
@if(sorted) @group(0) @binding(7) var<storage, read_write> order: array<u32>;
@if(sorted) @group(0) @binding(8) var<storage, read_write> place: array<u32>;
@if(sorted) @group(0) @binding(9) var<storage, read_write> tile_key: array<u32>;

const LOWEST = -1.0e38;
const SLOTS = TOP_K + SHARED;
@if(sorted) const WIDTH = RUNS;
@if(!sorted) const WIDTH = 64u;

fn score_of(row: u32, expert: u32) -> f32 {
  return sigmoid(logits[row * params.num_experts + expert]);
}

fn biased(row: u32, expert: u32) -> f32 {
  return score_of(row, expert) + bias[expert];
}

// Sum of the two largest biased scores of a group.
fn group_score(row: u32, group: u32, size: u32) -> f32 {
  var first = LOWEST;
  var second = LOWEST;
  for (var e = group * size; e < (group + 1u) * size; e++) {
    let score = biased(row, e);
    second = max(second, min(first, score));
    first = max(first, score);
  }
  return first + second;
}

// One bit for each kept group.
fn kept_groups(row: u32, size: u32) -> u32 {
  if (params.kept_groups >= params.num_groups) { return 0xffffffffu; }
  var kept = 0u;
  for (var i = 0u; i < params.kept_groups; i++) {
    var best = 0u;
    var best_score = LOWEST * 3.0;
    for (var group = 0u; group < params.num_groups; group++) {
      if ((kept & (1u << group)) != 0u) { continue; }
      let score = group_score(row, group, size);
      if (score > best_score) {
        best = group;
        best_score = score;
      }
    }
    kept |= 1u << best;
  }
  return kept;
}

fn set_expert(run: u32, slot: u32, expert: u32) {
  @if(!sorted) experts[slot] = expert;
  @if(sorted) set_key(run, slot, expert);
}

fn route(row: u32, run: u32) {
  let first = row * SLOTS;
  if (row >= num_tokens[0]) {
    for (var k = 0u; k < SLOTS; k++) {
      set_expert(run, first + k, params.num_experts + SHARED);
      weights[first + k] = 0.0;
    }
    return;
  }
  let size = params.num_experts / params.num_groups;
  let kept = kept_groups(row, size);
  var chosen: array<u32, TOP_K>;
  var total = 0.0;
  for (var k = 0u; k < TOP_K; k++) {
    var best = 0u;
    var best_score = LOWEST;
    for (var e = 0u; e < params.num_experts; e++) {
      if ((kept & (1u << (e / size))) == 0u) { continue; }
      var taken = false;
      for (var j = 0u; j < k; j++) { taken = taken || chosen[j] == e; }
      if (taken) { continue; }
      let score = biased(row, e);
      if (score > best_score) {
        best = e;
        best_score = score;
      }
    }
    chosen[k] = best;
    set_expert(run, first + k, best);
    @if(counted) { atomicAdd(&load[best], 1u); }
    total += score_of(row, best);
  }
  let divisor = select(1.0, total + 1e-20, params.normalize == 1u);
  for (var k = 0u; k < TOP_K; k++) {
    weights[first + k] = score_of(row, chosen[k]) / divisor * params.scale;
  }
  for (var k = 0u; k < SHARED; k++) {
    set_expert(run, first + TOP_K + k, params.num_experts + k);
    weights[first + TOP_K + k] = 1.0;
  }
}

@if(sorted) fn sort(run: u32, rows: vec2u) {
  sum_up(run, params.tile);
  for (var i = rows.x * SLOTS; i < rows.y * SLOTS; i++) {
    let at = next_place(run, i, params.tile);
    place[i] = at;
    if (at != INVALID) { order[at] = i; }
  }
  for (var b = run; b < BUCKETS; b += RUNS) {
    if (b < params.num_experts) { load[b] += totals[b]; }
    for (var p = first_tiles[b] * params.tile + totals[b]; p < first_tiles[b + 1u] * params.tile; p++) { order[p] = INVALID; }
    for (var t = first_tiles[b]; t < first_tiles[b + 1u]; t++) { tile_key[t] = b; }
  }
  for (var t = first_tiles[BUCKETS] + run; t < params.tiles; t += RUNS) {
    tile_key[t] = BUCKETS;
    for (var p = t * params.tile; p < (t + 1u) * params.tile; p++) { order[p] = INVALID; }
  }
}

@compute @workgroup_size(WIDTH)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  @if(!sorted) { if (i < params.rows) { route(i, 0u); } }
  @if(sorted) {
    let rows = run_of(i, params.rows);
    for (var row = rows.x; row < rows.y; row++) { route(row, i); }
    sort(i, rows);
  }
}
