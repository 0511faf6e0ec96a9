// Log-probability of each row's target, entropy and log-sum-exp of softmax(logits / temperature). The softmax itself is never
// stored.     logits: (N, C)   targets, log_prob, entropy, log_sum_exp: (N)
// wide: a workgroup a row; otherwise an invocation a row.
// chunked: the logits are columns first … first + C of a larger vocabulary, and the kernel runs once for each such chunk, in
// order; the results are there after the last.     running: (N) of (softmax_part.wgsl's sums, the target's z)
import package::lib::index::flat_index;
import package::lib::softmax_part::{NO_COLUMNS, merge};
import constants::WIDTH;

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

@if(wide) var<workgroup> parts: array<vec3f, WIDTH>;

// Sums over every `step`-th column of a row from `first` on.
fn part_of(base: u32, first: u32, step: u32) -> vec3f {
  var largest = NO_COLUMNS.x;
  for (var c = first; c < params.columns; c += step) {
    largest = max(largest, logits[base + c] * params.inverse_temperature);
  }
  var total = 0.0;
  var weighted = 0.0;
  for (var c = first; c < params.columns; c += step) {
    let shifted = logits[base + c] * params.inverse_temperature - largest;
    let e = exp(shifted);
    total += e;
    weighted += e * shifted;
  }
  return vec3f(largest, total, weighted);
}

@compute @workgroup_size(WIDTH)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  @if(!wide) let row = flat_index(id, groups);
  @if(wide) let row = group.y * groups.x + group.x;
  if (row >= params.rows) { return; }
  let base = row * params.columns;
  @if(!wide) var part = part_of(base, 0u, 1u);
  @if(wide) var part = part_of(base, lane, WIDTH);
  @if(wide) {
    parts[lane] = part;
    for (var half = WIDTH / 2u; half > 0u; half /= 2u) {
      workgroupBarrier();
      if (lane < half) { parts[lane] = merge(parts[lane], parts[lane + half]); }
    }
    if (lane > 0u) { return; }
    part = parts[0];
  }
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
