// Log-probability of each row's target, entropy and log-sum-exp of softmax(logits / temperature), one row for
// ROW_THREADS threads. The softmax itself is never stored.
// logits: (N, C)   targets, log_prob, entropy, log_sum_exp: (N)
// chunked: the logits are columns first … first + C of a larger vocabulary, and the kernel runs once for each such chunk, in
// order; the results are there after the last.     running: (N) of (softmax_part.wgsl's sums, the target's z)
import package::lib::reduce::{WORKGROUP, row_max, row_index, row_sums};
import package::lib::softmax_part::{NO_COLUMNS, merge};
import constants::ROW_THREADS;

struct Params {
  rows: u32,
  columns: u32,
  inverse_temperature: f32,
  first: u32,
  is_last: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> log_prob: array<f32>;
@group(0) @binding(4) var<storage, read_write> entropy: array<f32>;
@group(0) @binding(5) var<storage, read_write> log_sum_exp: array<f32>;
@if(chunked) @group(0) @binding(6) var<storage, read_write> running: array<vec4f>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) index: u32,
  @if(subgroups) @builtin(subgroup_size) subgroup: u32,
) {
  @if(!subgroups) const subgroup = 1u;
  let row = row_index(group, groups, index);
  let first = index % ROW_THREADS;
  let columns = select(0u, params.columns, row < params.rows);
  let base = row * params.columns;
  var largest = NO_COLUMNS.x;
  for (var c = first; c < columns; c += ROW_THREADS) {
    largest = max(largest, logits[base + c] * params.inverse_temperature);
  }
  largest = row_max(largest, index, subgroup);
  var sums = vec2f();
  for (var c = first; c < columns; c += ROW_THREADS) {
    let shifted = logits[base + c] * params.inverse_temperature - largest;
    let e = exp(shifted);
    sums += vec2f(e, e * shifted);
  }
  var part = vec3f(largest, row_sums(sums, index, subgroup));
  if (first > 0u || row >= params.rows) { return; }

  let column = targets[row] - params.first;  // wraps round where the target lies before this chunk
  var found = 0.0;
  if (column < params.columns) { found = logits[base + column] * params.inverse_temperature; }
  @if(chunked) {
    if (params.first > 0u) {
      let before = running[row];
      part = merge(before.xyz, part);
      found += before.w;
    }
    running[row] = vec4f(part, found);
    if (params.is_last == 0u) { return; }
  }
  // entropy = log Σe^s − Σ s·e^s / Σe^s
  let log_total = log(part.y);
  log_sum_exp[row] = part.x + log_total;
  entropy[row] = log_total - part.z / part.y;
  log_prob[row] = found - (part.x + log_total);
}
