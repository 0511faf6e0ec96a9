// One rollout of a batch, and what a row of a decode step attends to: shaders/lib/rollout.wgsl, shaders/lib/decode_row.wgsl.

@unmanaged
export class Rollout {
  prompt_first: u32;
  prompt_length: u32;
  own_first: u32;
  token: u32;
  length: u32;
  done: u32;
  key0: u32;
  key1: u32;
  key2: u32;
}

// @ts-ignore: decorator
@inline
export function rolloutAt(rollouts: usize, index: u32): Rollout {
  return changetype<Rollout>(rollouts + <usize>index * offsetof<Rollout>());
}

@unmanaged
export class DecodeRow {
  prompt_first: u32;
  prompt_length: u32;
  own_first: u32;
  own_length: u32;
}

// @ts-ignore: decorator
@inline
export function decodeRowAt(places: usize, row: u32): DecodeRow {
  return changetype<DecodeRow>(places + <usize>row * offsetof<DecodeRow>());
}
