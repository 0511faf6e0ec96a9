// What one row of a decode step attends to and where it writes; made by decode_begin.wgsl for the kernels after it.

struct Row {
  // The prompt in the latent cache, but for its last token.
  prompt_first: u32,
  prompt_length: u32,
  // The rollout's own tokens there: the first, INVALID for a row of no rollout, and how many came before this one.
  own_first: u32,
  own_length: u32,
}

const INVALID = 0xffffffffu;

// How many parts a row's keys are attended to in, side by side; a rule of their number alone, since it settles the
// order of the sum.
fn key_parts(num_keys: u32) -> u32 {
  var parts = 1u;
  while (parts * parts * 8u < num_keys) { parts *= 2u; }
  return parts;
}

// Of a row's keys, how many it attends to, of which there are the last `window`; all of them where that is 0.
fn keys_seen(num_keys: u32, window: u32) -> u32 {
  return select(min(num_keys, window), num_keys, window == 0u);
}
