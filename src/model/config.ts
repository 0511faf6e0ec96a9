// The architecture of a deepseek_v3 model, under the names of its config.json (facts: transformers' DeepseekV3Config).
// Axes: B batch, T time, N packed tokens, C hidden_size, H heads, E experts, K experts per token, V vocabulary.

export interface RopeScaling {
  readonly rope_type: 'yarn';
  readonly factor: number;
  readonly original_max_position_embeddings: number;
  readonly beta_fast: number;
  readonly beta_slow: number;
  readonly mscale: number | null;
  readonly mscale_all_dim: number | null;
  readonly attention_factor: number | null;
  /** Whether the correction range is rounded outward to whole dimensions. */
  readonly truncate: boolean;
}

export interface ModelConfig {
  readonly model_type: 'deepseek_v3';
  readonly vocab_size: number;
  readonly hidden_size: number;
  /** Hidden width of the dense layers' SwiGLU. */
  readonly intermediate_size: number;
  /** Hidden width of one expert. */
  readonly moe_intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly n_shared_experts: number;
  readonly n_routed_experts: number;
  readonly num_experts_per_tok: number;
  readonly routed_scaling_factor: number;
  readonly kv_lora_rank: number;
  readonly q_lora_rank: number | null;
  readonly qk_rope_head_dim: number;
  readonly qk_nope_head_dim: number;
  readonly v_head_dim: number;
  readonly n_group: number;
  readonly topk_group: number;
  /** Layers before this one have a dense FFN, the others experts. */
  readonly first_k_dense_replace: number;
  readonly norm_topk_prob: boolean;
  readonly max_position_embeddings: number;
  readonly initializer_range: number;
  readonly rms_norm_eps: number;
  readonly tie_word_embeddings: boolean;
  readonly rope_theta: number;
  /** null: plain RoPE. */
  readonly rope_scaling: RopeScaling | null;
  readonly rope_interleave: boolean;
  readonly attention_bias: boolean;
  readonly bos_token_id: number | null;
  /** A list: each of them ends a text. */
  readonly eos_token_id: number | readonly number[] | null;
  readonly pad_token_id: number | null;
}

/** True when layer `layer` routes to experts. */
export function isMoeLayer(config: ModelConfig, layer: number): boolean {
  return layer >= config.first_k_dense_replace;
}

/** dn + dr: the width of one head's query and key. */
export function qkHeadDim(config: ModelConfig): number {
  return config.qk_nope_head_dim + config.qk_rope_head_dim;
}
