// DeepSeek-V3's router, one token an invocation: sigmoid scores; groups ranked by the sum of their two largest biased scores;
// the best experts of the kept groups by biased score; weights from the unbiased scores. Ties go to the lower index.
// logits: (N, E) in rows of logits_stride   bias: (E)   experts: (N, K), E for tokens past the batch   weights: (N, K)
// counted: adds the tokens sent to each expert to load (E).
import package::lib::index::flat_index;
import package::lib::activations::sigmoid;
import constants::TOP_K;

struct Params {
  rows: u32,
  num_experts: u32,
  logits_stride: u32,
  logits_offset: u32,
  num_groups: u32,
  kept_groups: u32,
  normalize: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> num_tokens: array<u32>;
@group(0) @binding(4) var<storage, read_write> experts: array<u32>;
@group(0) @binding(5) var<storage, read_write> weights: array<f32>;
@if(counted) @group(0) @binding(6) var<storage, read_write> load: array<atomic<u32>>;

const LOWEST = -1.0e38;

fn score_of(row: u32, expert: u32) -> f32 {
  return sigmoid(logits[params.logits_offset + row * params.logits_stride + expert]);
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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  if (row >= num_tokens[0]) {
    for (var k = 0u; k < TOP_K; k++) {
      experts[row * TOP_K + k] = params.num_experts;
      weights[row * TOP_K + k] = 0.0;
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
    experts[row * TOP_K + k] = best;
    @if(counted) { atomicAdd(&load[best], 1u); }
    total += score_of(row, best);
  }
  let divisor = select(1.0, total + 1e-20, params.normalize == 1u);
  for (var k = 0u; k < TOP_K; k++) {
    weights[row * TOP_K + k] = score_of(row, chosen[k]) / divisor * params.scale;
  }
}
