// Start of a decode step: what each row of the batch reads and where it writes.
// live: (B) rollout of each row   rollouts: (R)   ids, positions, slots: (B)
import package::lib::rollout::Rollout;

struct Params {
  rows: u32,
  max_new_tokens: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> live: array<u32>;
@group(0) @binding(2) var<storage, read> rollouts: array<Rollout>;
@group(0) @binding(3) var<storage, read_write> ids: array<u32>;
@group(0) @binding(4) var<storage, read_write> positions: array<u32>;
@group(0) @binding(5) var<storage, read_write> slots: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  if (b >= params.rows) { return; }
  let index = live[b];
  let rollout = rollouts[index];
  let length = min(rollout.length, params.max_new_tokens - 1u);
  ids[b] = rollout.token;
  positions[b] = rollout.prompt_length + length;
  slots[b] = index * params.max_new_tokens + length;
}
