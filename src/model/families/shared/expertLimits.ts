// What the engine holds of a mixture of experts, whatever the family calls its sizes.

/** The kernels keep a token's chosen experts and its groups in registers: these are their sizes. */
export const MAX_EXPERTS_PER_TOKEN = 16;
export const MAX_EXPERT_GROUPS = 32;
/** Weights of all experts. More is a damaged or hostile file; DeepSeek-V3 itself has 45 thousand tensors. */
export const MAX_EXPERT_TENSORS = 100_000;
