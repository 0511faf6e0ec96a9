// Start of a decode step: embeds the token that each row reads, and says where the row stands.
// live: (B) rollout of each row, INVALID for none   rollouts: (R)   pool: the table (V, WIDTH) at table_at
// places: (B)   y: (B, WIDTH)
// drafted: rows are pairs, of which the second reads the token that was drafted for the rollout, one place further on.
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, VECTOR_SIZE, WeightVector};
import package::lib::rollout::Rollout;
import constants::WIDTH;

struct Params {
  rows: u32,
  table_at: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> live: array<u32>;
@group(0) @binding(2) var<storage, read> rollouts: array<Rollout>;
@group(0) @binding(3) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(4) var<storage, read_write> places: array<Row>;
@group(0) @binding(5) var<storage, read_write> y: array<Vector>;
@if(drafted) @group(0) @binding(6) var<storage, read> drafts: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let row = i / WIDTH;
  if (row >= params.rows) { return; }
  let index = live[row];
  if (index == INVALID) {
    places[row] = Row(0u, 0u, INVALID, 0u);
    y[i] = Vector();
    return;
  }
  let rollout = rollouts[index];
  var token = rollout.token;
  var length = rollout.length;
  @if(drafted) {
    if (row % 2u == 1u) {
      // Where there is no draft, what is made of this row is of no account.
      token = select(drafts[index], 0u, drafts[index] == INVALID);
      length += 1u;
    }
  }
  places[row] = Row(rollout.prompt_first, rollout.prompt_length, rollout.own_first, length);
  y[i] = Vector(pool[params.table_at / VECTOR_SIZE + token * WIDTH + i % WIDTH]);
}
