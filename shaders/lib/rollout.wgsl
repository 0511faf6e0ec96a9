// One rollout of a batch, as decoding keeps it on the device; written by src/model/decodeState.ts.

struct Rollout {
  // The prompt but for its last token: where it lies in the latent cache and how long it is.
  prompt_first: u32,
  prompt_length: u32,
  // Where its own tokens lie there.
  own_first: u32,
  // Token to read next, and how many of its own are in the cache.
  token: u32,
  length: u32,
  done: u32,
  // Key of its random numbers.
  key0: u32,
  key1: u32,
  key2: u32,
}
