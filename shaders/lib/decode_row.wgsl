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
