// The parts of grouped_decode.wgsl put together, one Vector of a head an invocation: y = Σ_p e_p·sums_p / Σ_p e_p·total_p,
// e_p = exp(largest_p − largest).
// sums: (B, H, parts, width)   largests, totals: (B, H, parts)   y: (B, H, width)   width counts Vectors.
import package::lib::decode_row::{Row, INVALID, key_parts, keys_seen};
import package::lib::index::flat_index;
import package::lib::vectors::Vector;

struct Params {
  rows: u32,
  heads: u32,
  window: u32,
  // Parts that the longest row can have.
  parts: u32,
  width: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> places: array<Row>;
@group(0) @binding(2) var<storage, read> sums: array<Vector>;
@group(0) @binding(3) var<storage, read> largests: array<f32>;
@group(0) @binding(4) var<storage, read> totals: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<Vector>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let head = i / params.width;
  if (head >= params.rows * params.heads) { return; }
  let place = places[head / params.heads];
  if (place.own_first == INVALID) { return; }
  let parts = key_parts(keys_seen(place.prompt_length + place.own_length + 1u, params.window));
  let first = head * params.parts;
  var largest = largests[first];
  for (var p = 1u; p < parts; p++) { largest = max(largest, largests[first + p]); }
  var total = 0.0;
  var sum = Vector();
  for (var p = 0u; p < parts; p++) {
    let share = exp(largests[first + p] - largest);
    total += share * totals[first + p];
    sum += share * sums[(first + p) * params.width + i % params.width];
  }
  y[i] = sum / total;
}
