// Sizes of models the project makes itself: deepseek_v3 throughout, untied heads, ungrouped routing, plain RoPE.
// The knobs that other readers of a checkpoint treat differently are left where all of them agree (rms_norm_eps 1e-6).
import type { ModelConfig } from './config';

/** The smallest sensible model of the family; anything can be overridden. The result is not checked. */
export function defaultConfig(overrides: Partial<ModelConfig> = {}): ModelConfig {
  return {
    model_type: 'deepseek_v3',
    vocab_size: 128,
    hidden_size: 64,
    intermediate_size: 192,
    moe_intermediate_size: 64,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    n_shared_experts: 1,
    n_routed_experts: 8,
    num_experts_per_tok: 2,
    routed_scaling_factor: 1.0,
    kv_lora_rank: 32,
    q_lora_rank: null,
    qk_rope_head_dim: 8,
    qk_nope_head_dim: 16,
    v_head_dim: 16,
    n_group: 1,
    topk_group: 1,
    first_k_dense_replace: 0,
    norm_topk_prob: true,
    max_position_embeddings: 256,
    initializer_range: 0.02,
    rms_norm_eps: 1e-6,
    tie_word_embeddings: false,
    rope_theta: 10000,
    rope_scaling: null,
    rope_interleave: true,
    attention_bias: false,
    bos_token_id: null,
    eos_token_id: null,
    pad_token_id: null,
    ...overrides,
  };
}

/** What each preset changes of `defaultConfig`. A dense layer is as wide as the experts one token passes through. */
export const PRESETS = {
  /** 0.4 M parameters: the model the page ships. */
  nano: {},
  /** 3 M parameters. */
  micro: {
    hidden_size: 128,
    intermediate_size: 384,
    moe_intermediate_size: 128,
    num_hidden_layers: 4,
    first_k_dense_replace: 1,
    n_routed_experts: 16,
    kv_lora_rank: 64,
    qk_nope_head_dim: 32,
    qk_rope_head_dim: 16,
    v_head_dim: 32,
    max_position_embeddings: 512,
  },
  /** 25 M parameters, 6 M active: for a real GPU. */
  small: {
    hidden_size: 256,
    intermediate_size: 640,
    moe_intermediate_size: 128,
    num_hidden_layers: 8,
    num_attention_heads: 8,
    first_k_dense_replace: 1,
    n_routed_experts: 32,
    num_experts_per_tok: 4,
    kv_lora_rank: 128,
    qk_nope_head_dim: 32,
    qk_rope_head_dim: 16,
    v_head_dim: 32,
    max_position_embeddings: 1024,
  },
} as const satisfies Record<string, Partial<ModelConfig>>;

export type PresetName = keyof typeof PRESETS;

/** Config of a preset for a tokenizer of `vocabSize` tokens; token ids and the like go in `overrides`. */
export function presetConfig(name: PresetName, vocabSize: number, overrides: Partial<ModelConfig> = {}): ModelConfig {
  return defaultConfig({ ...PRESETS[name], vocab_size: vocabSize, ...overrides });
}
