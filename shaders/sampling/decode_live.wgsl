// Which rollouts of a batch still go on: these come first, in their order, so that one that has ended since the batch was chosen
// costs next to nothing. One row an invocation, which counts the rows before it.
// chosen: (B) rollout of each row, INVALID for none   rollouts: (R)   live: (B) as chosen   num_live: (1)
import package::lib::decode_row::INVALID;
import package::lib::rollout::Rollout;

struct Params {
  rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> chosen: array<u32>;
@group(0) @binding(2) var<storage, read> rollouts: array<Rollout>;
@group(0) @binding(3) var<storage, read_write> live: array<u32>;
@group(0) @binding(4) var<storage, read_write> num_live: array<u32>;

fn goes_on(row: u32) -> bool {
  return chosen[row] != INVALID && rollouts[chosen[row]].done == 0u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= params.rows) { return; }
  var before = 0u;
  for (var i = 0u; i < row; i++) { before += u32(goes_on(i)); }
  if (goes_on(row)) {
    live[before] = chosen[row];
  } else {
    live[params.rows - 1u - (row - before)] = INVALID;
  }
  if (row == params.rows - 1u) { num_live[0] = before + u32(goes_on(row)); }
}
