// What the module for further tokens reads after a step of pairs: of a row, its hidden state and the token after it. A pair's
// second row is of account where its draft was accepted: where its rollout has two tokens more than before the step. Says so
// of each token, too.
// live: (B) rollout of each row, INVALID for none   places: (B), of the step   rollouts: (R)   drafts: (R), those of the step
// pool: the table (V, WIDTH) at table_at   y: (B, WIDTH), embeddings   outcomes: (R, T) of NONE, REFUSED, ACCEPTED
import package::lib::decode_row::{Row, INVALID};
import package::lib::index::flat_index;
import package::lib::vectors::{Vector, VECTOR_SIZE, WeightVector};
import package::lib::rollout::Rollout;
import constants::WIDTH;

const NONE = 0u;
const REFUSED = 1u;
const ACCEPTED = 2u;

struct Params {
  rows: u32,
  table_at: u32,
  max_new_tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> live: array<u32>;
@group(0) @binding(2) var<storage, read> places: array<Row>;
@group(0) @binding(3) var<storage, read> rollouts: array<Rollout>;
@group(0) @binding(4) var<storage, read> drafts: array<u32>;
@group(0) @binding(5) var<storage, read> pool: array<WeightVector>;
@group(0) @binding(6) var<storage, read_write> y: array<Vector>;
@group(0) @binding(7) var<storage, read_write> outcomes: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flat_index(id, groups);
  let row = i / WIDTH;
  if (row >= params.rows) { return; }
  let index = live[row];
  if (index == INVALID) {
    y[i] = Vector();
    return;
  }
  let rollout = rollouts[index];
  let draft = drafts[index];
  let before = places[row - row % 2u].own_length;
  let is_accepted = rollout.length == before + 2u;
  let token = select(rollout.token, draft, row % 2u == 0u && is_accepted);
  y[i] = Vector(pool[params.table_at / VECTOR_SIZE + token * WIDTH + i % WIDTH]);
  if (i % (2u * WIDTH) == 0u) {
    // An accepted draft that ends its rollout has no token after it.
    let is_last = rollout.done == 1u && rollout.token == draft;
    let outcome = select(REFUSED, ACCEPTED, is_accepted || is_last);
    outcomes[index * params.max_new_tokens + before] = select(outcome, NONE, draft == INVALID);
  }
}
