// A router with softmax scores, one token an invocation: the experts of the largest logits, the lower index first of equals.
// normalize: weights are divided by the sum of the chosen ones', which gives the softmax of the chosen logits alone.
// logits: (N, E)   experts, weights: (N, K + shared): the chosen, best first, then the shared experts, numbers E … with
// weights of one; tokens past the batch have expert E + shared.
// counted: adds the tokens sent to each expert to load (E).
import package::lib::index::flat_index;
import constants::{TOP_K, SHARED};

struct Params {
  rows: u32,
  num_experts: u32,
  normalize: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> num_tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> experts: array<u32>;
@if(counted) @group(0) @binding(5) var<storage, read_write> load: array<atomic<u32>>;

const SLOTS = TOP_K + SHARED;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = flat_index(id, groups);
  if (row >= params.rows) { return; }
  let first = row * SLOTS;
  if (row >= num_tokens[0]) {
    for (var k = 0u; k < SLOTS; k++) {
      experts[first + k] = params.num_experts + SHARED;
      weights[first + k] = 0.0;
    }
    return;
  }
  let at = row * params.num_experts;
  var chosen: array<u32, TOP_K>;
  for (var k = 0u; k < TOP_K; k++) {
    var best = params.num_experts;
    for (var e = 0u; e < params.num_experts; e++) {
      var taken = false;
      for (var j = 0u; j < k; j++) { taken = taken || chosen[j] == e; }
      if (!taken && (best == params.num_experts || logits[at + e] > logits[at + best])) { best = e; }
    }
    chosen[k] = best;
    experts[first + k] = best;
    @if(counted) { atomicAdd(&load[best], 1u); }
  }
  let largest = logits[at + chosen[0]];
  var total = 0.0;
  if (params.normalize == 1u) {
    for (var k = 0u; k < TOP_K; k++) { total += exp(logits[at + chosen[k]] - largest); }
  } else {
    for (var e = 0u; e < params.num_experts; e++) { total += exp(logits[at + e] - largest); }
  }
  for (var k = 0u; k < TOP_K; k++) { weights[first + k] = exp(logits[at + chosen[k]] - largest) / total * params.scale; }
  for (var k = 0u; k < SHARED; k++) {
    experts[first + TOP_K + k] = params.num_experts + k;
    weights[first + TOP_K + k] = 1.0;
  }
}
