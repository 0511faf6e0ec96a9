// The draft of each rollout: the likeliest token by the module for further tokens, in the last row of the rollout's pair that
// is of account. One rollout for ROW_THREADS threads.
// logits: (2B, V)   live: (2B) rollout of each row, INVALID for none   places: (2B), of the step   rollouts: (R)   drafts: (R)
import package::lib::decode_row::{Row, INVALID};
import package::lib::reduce::{WORKGROUP, row_best, row_index};
import package::lib::rollout::Rollout;
import constants::ROW_THREADS;

struct Params {
  // Rollouts, at most: pairs of rows.
  rows: u32,
  vocabulary: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// As in sample.wgsl: the fifth word says how many tokens there are that may be drawn.
@group(0) @binding(1) var<storage, read> settings: array<u32>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;
@group(0) @binding(3) var<storage, read> live: array<u32>;
@group(0) @binding(4) var<storage, read> places: array<Row>;
@group(0) @binding(5) var<storage, read> rollouts: array<Rollout>;
@group(0) @binding(6) var<storage, read_write> drafts: array<u32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup: u32,
) {
  @if(!subgroups) const subgroup = 1u;
  let pair = row_index(group, groups, local);
  let first = local % ROW_THREADS;
  let row = 2u * min(pair, params.rows - 1u);
  let index = live[row];
  let goes_on = pair < params.rows && index != INVALID;
  var last = row;
  if (goes_on && rollouts[index].length == places[row].own_length + 2u) { last = row + 1u; }
  let base = last * params.vocabulary;
  let end = select(0u, settings[4], goes_on);
  var best = vec2f(-3.0e38, 0.0);
  for (var v = first; v < end; v += ROW_THREADS) {
    let logit = logits[base + v];
    if (logit > best.x) { best = vec2f(logit, f32(v)); }
  }
  best = row_best(best, local, subgroup);
  if (goes_on && first == 0u) { drafts[index] = u32(best.y); }
}
